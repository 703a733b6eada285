using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Running;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cli.Tests.Running;

public sealed class NodeErrorsTests
{
    private static readonly DateTime At = new(2026, 11, 24, 12, 3, 44, DateTimeKind.Utc);

    [Fact]
    public void Only_what_somebody_has_to_act_on_comes_between_the_progress()
    {
        var directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;
        using var log = NodeLog.Open(directory);
        var said = new List<string>();

        using (new NodeErrors(log, said.Add))
        {
            log.Notice(At, NodeLogLevel.Warning, "Job", "an incarnation ends", null);
            log.Notice(At, NodeLogLevel.Error, "Job", "a checkpoint was not stored: no space left", null);
        }

        log.Notice(At, NodeLogLevel.Error, "Job", "after its end", null);
        Directory.Delete(directory, recursive: true);

        Assert.Equal(["12:03:44Z error: a checkpoint was not stored: no space left"], said);
    }

    [Fact]
    public void A_change_of_state_is_a_short_plain_line()
    {
        Assert.Equal("12:03:44Z Job adder is running", NoticeLine.Format(new NodeNotice(At, NodeLogLevel.Info, "Job adder is running")));
    }
}
