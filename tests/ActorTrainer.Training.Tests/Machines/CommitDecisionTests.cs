using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Machines;

namespace ActorTrainer.Training.Tests.Machines;

public sealed class CommitDecisionTests
{
    private static LossSums Weight(double weight) => new(1, weight, 0, 1, 0);

    [Fact]
    public void Divides_by_the_weight_and_clips_the_mean_gradient()
    {
        Assert.Equal(new CommitDecision(2.5, 0.25f), CommitDecision.Of(100, Weight(4), null));
        Assert.Equal(new CommitDecision(2.5, 0.25f), CommitDecision.Of(100, Weight(4), 3));
        Assert.Equal(new CommitDecision(2.5, (float)(1 / (2.5 + 1e-6) / 4)), CommitDecision.Of(100, Weight(4), 1));
    }

    [Fact]
    public void Moves_nothing_where_there_is_no_target() =>
        Assert.Equal(new CommitDecision(0, 0), CommitDecision.Of(0, Weight(0), 1));
}
