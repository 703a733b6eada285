using ActorTrainer.Cli.Running;

namespace ActorTrainer.Cli.Tests.Running;

public sealed class JobIdsTests
{
    [Theory]
    [InlineData("examples/self-portrait.yaml", "self-portrait-")]
    [InlineData("My Job (2).yaml", "my-job-2-")]
    [InlineData("2024.yaml", "job-")]
    [InlineData("数.yaml", "job-")]
    [InlineData("a-very-long-name-that-nobody-would-type-twice-in-a-life.yaml", "a-very-long-name-that-nobody-would-type-")]
    public void An_id_tells_its_file(string file, string start)
    {
        var id = JobIds.New(file);

        Assert.StartsWith(start, id, StringComparison.Ordinal);
        Assert.Matches("^[a-z][a-z0-9-]{0,61}$", id);
        Assert.True(JobIds.IsOf(file, id));
    }

    [Theory]
    [InlineData("self-portrait.yaml", "self-portrait-k3f9", true)]
    [InlineData("self-portrait.yaml", "self-portrait-two-k3f9", false)]
    [InlineData("self-portrait.yaml", "portrait", false)]
    [InlineData("self-portrait.yaml", "self-portrait-K3f9", false)]
    public void Runs_of_a_file_are_known_by_their_id(string file, string id, bool isOf)
    {
        Assert.Equal(isOf, JobIds.IsOf(file, id));
    }
}
