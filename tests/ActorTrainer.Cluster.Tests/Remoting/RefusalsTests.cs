using ActorTrainer.Cluster.Remoting;

namespace ActorTrainer.Cluster.Tests.Remoting;

public sealed class RefusalsTests
{
    [Fact]
    public void Tells_of_one_caller_in_a_while_and_counts_the_others()
    {
        var clock = new SteppedClock();
        var refusals = new Refusals(clock);

        Assert.Equal("A connection from 10.0.0.4:1 was refused: it showed no certificate", refusals.Tell("10.0.0.4:1", "it showed no certificate"));
        Assert.Null(refusals.Tell("10.0.0.4:2", "it showed no certificate"));
        clock.Now += Refusals.Interval - TimeSpan.FromTicks(1);
        Assert.Null(refusals.Tell("10.0.0.4:3", "it showed no certificate"));
        clock.Now += TimeSpan.FromTicks(1);
        Assert.EndsWith("was refused: it hung up (2 more were refused before)", refusals.Tell("10.0.0.4:4", "it hung up"), StringComparison.Ordinal);
        clock.Now += Refusals.Interval;
        Assert.EndsWith("was refused: it hung up", refusals.Tell("10.0.0.4:5", "it hung up"), StringComparison.Ordinal);
    }

    private sealed class SteppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
