using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Cli.Running;

namespace ActorTrainer.Cli.Tests.Running;

public sealed class PreparedJobTests
{
    [Fact]
    public void A_single_text_takes_the_place_of_a_folder_whatever_the_folder_includes()
    {
        var text = Path.Combine(Directory.CreateTempSubdirectory("actortrainer-").FullName, "shakespeare.txt");
        File.WriteAllText(text, string.Concat(Enumerable.Repeat("To be, or not to be: that is the question.\n", 500)));
        var example = RepositoryRoot.File("examples/self-portrait.yaml");

        var folder = PreparedJob.Read(example, []);
        var single = PreparedJob.Read(example, [Setting.Parse($"recipe.data.text.path={text}")]);
        Directory.Delete(Path.GetDirectoryName(text)!, recursive: true);

        Assert.InRange(Assert.Single(folder.Data).Files, 2, int.MaxValue);
        var data = Assert.Single(single.Data);
        Assert.Equal((1, 43 * 500), (data.Files, data.Bytes));
        Assert.Equal(text, data.Location);
    }
}
