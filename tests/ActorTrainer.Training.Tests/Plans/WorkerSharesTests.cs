using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Training.Tests.Plans;

public sealed class WorkerSharesTests
{
    [Theory]
    [InlineData(4, "a2 b2", "a2 b2")]
    [InlineData(4, "a2 b2 c2", "a2 b1 c1")]
    [InlineData(3, "a1 b2", "a1 b2")]
    [InlineData(2, "a4 b1", "a2 b0")]
    [InlineData(1, "a1 b1 c1", "a1 b0 c0")]
    [InlineData(0, "a1", "a0")]
    [InlineData(3, "a2", "a3")]
    [InlineData(7, "a2 b1", "a5 b2")]
    [InlineData(4096, "a1", "a512")]
    [InlineData(3, "", "")]
    public void Deals_workers_in_proportion_to_threads(int maximum, string nodes, string expected) =>
        Assert.Equal(expected, Shares(maximum, nodes));

    [Fact]
    public void Rounds_up_the_first_of_equal_nodes() =>
        Assert.Equal("c1 a0 b0", Shares(1, "c2 a2 b2"));

    [Fact]
    public void Gives_nobody_more_than_its_threads_while_there_are_enough()
    {
        for (var maximum = 0; maximum <= 11; maximum++)
        {
            var shares = WorkerShares.Of(maximum, Nodes("a5 b1 c3 d2"));

            Assert.Equal(maximum, shares.Sum(share => share.Workers));
            Assert.All(shares.Zip([5, 1, 3, 2]), pair => Assert.True(pair.First.Workers <= pair.Second, $"{maximum}: {pair}"));
        }
    }

    [Fact]
    public void Refuses_a_node_that_is_named_twice_or_has_no_thread()
    {
        Assert.Throws<ArgumentException>(() => Shares(1, "a1 a1"));
        Assert.Throws<ArgumentException>(() => Shares(1, "a0"));
    }

    private static string Shares(int maximum, string nodes) =>
        string.Join(' ', WorkerShares.Of(maximum, Nodes(nodes)).Select(share => $"{share.Node}{share.Workers}"));

    private static IEnumerable<NodeThreads> Nodes(string nodes) =>
        nodes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(node => new NodeThreads(new NodeId(node[..1]), node[1] - '0'));
}
