using ActorTrainer.Cli.Connections;

namespace ActorTrainer.Cli.Tests.Connections;

public sealed class DataHomeTests
{
    [Fact]
    public void The_option_comes_before_the_variable_and_the_variable_before_the_default()
    {
        Assert.Equal(new DataHome(Path.GetFullPath("here"), " --data-dir here"), DataHome.Choose("here", "/there", "/user"));
        Assert.Equal(new DataHome(Path.GetFullPath("/there"), ""), DataHome.Choose(null, "/there", "/user"));
        Assert.Equal(new DataHome(Path.Combine("/user", "actortrainer"), ""), DataHome.Choose(null, "", "/user"));
    }
}
