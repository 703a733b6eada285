namespace ActorTrainer.Cli.Tests;

public sealed class ProgramNameTests
{
    [Theory]
    [InlineData("dotnet run --project src/ActorTrainer.Cli -- train job.yaml", "train job.yaml", "dotnet run --project src/ActorTrainer.Cli --")]
    [InlineData("/usr/bin/dotnet run -c Release -- up", "up", "dotnet run -c Release --")]
    [InlineData("dotnet run --project src/ActorTrainer.Cli train job.yaml", "train job.yaml", "dotnet run --project src/ActorTrainer.Cli --")]
    [InlineData("dotnet run", "", "dotnet run --")]
    [InlineData("dotnet test tests/ActorTrainer.Cli.Tests", "train", null)]
    [InlineData("dotnet run --project other -- a b", "train", null)]
    [InlineData("bash -c actortrainer", "", null)]
    public void Who_started_it_by_dotnet_run_does_so_again(string parent, string own, string? program)
    {
        Assert.Equal(program, StartedBy.DotnetRun(parent.Split(' '), own.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Theory]
    [InlineData("/opt/at/actortrainer", "/opt/at/actortrainer.dll", "/home/ada", "/usr/bin:/opt/at", "actortrainer")]
    [InlineData("/home/ada/out/actortrainer", "/home/ada/out/actortrainer.dll", "/home/ada", "/usr/bin", "out/actortrainer")]
    [InlineData("/home/ada/actortrainer", "/home/ada/actortrainer.dll", "/home/ada", null, "./actortrainer")]
    [InlineData("/usr/bin/dotnet", "/home/ada/out/actortrainer.dll", "/home/ada", "/usr/bin", "dotnet out/actortrainer.dll")]
    [InlineData("/w/my tools/actortrainer", "/w/my tools/actortrainer.dll", "/", null, "'w/my tools/actortrainer'")]
    public void A_suggested_command_can_be_typed_as_it_stands(string process, string assembly, string current, string? path, string program)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(program, ProgramName.Find(process, assembly, current, path));
        }
    }
}
