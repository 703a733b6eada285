using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cluster.Tests.Hosting;

public sealed class SeedPlanTests
{
    private static readonly SeedNode A = new("server-0", 7701);
    private static readonly SeedNode B = new("server-1", 7701);
    private static readonly SeedNode C = new("server-2", 7701);
    private static readonly SeedNode Worker = new("worker", 7701);

    [Fact]
    public void Lets_a_server_without_seed_nodes_begin_a_cluster_and_ask_its_last_members_first()
    {
        var plan = SeedPlan.Of(A, isServer: true, [], [Worker, A, Worker]);

        Assert.True(plan.MayBegin);
        Assert.Equal([Worker], plan.Others);
        Assert.True(plan.HasQuorum([]));
    }

    [Fact]
    public void Lets_the_first_seed_node_begin_a_cluster_only_while_it_reaches_most_of_them()
    {
        var plan = SeedPlan.Of(A, isServer: true, [A, B, C], [Worker]);

        Assert.True(plan.MayBegin);
        Assert.False(plan.HasQuorum([Worker]));
        Assert.True(plan.HasQuorum([C]));
        Assert.True(plan.HasQuorum([B, C]));
    }

    [Fact]
    public void Wants_both_of_two_seed_nodes()
    {
        var plan = SeedPlan.Of(A, isServer: true, [A, B], []);

        Assert.False(plan.HasQuorum([]));
        Assert.True(plan.HasQuorum([B]));
    }

    [Fact]
    public void Counts_a_seed_node_once_that_is_named_twice_or_remembered()
    {
        var plan = SeedPlan.Of(A, isServer: true, [A, B, B, C], [B, Worker]);

        Assert.Equal(2, plan.Quorum);
        Assert.Equal([B, C, Worker], plan.Others);
    }

    [Fact]
    public void Lets_no_later_seed_node_and_no_worker_begin_a_cluster()
    {
        Assert.False(SeedPlan.Of(B, isServer: true, [A, B, C], []).MayBegin);
        Assert.False(SeedPlan.Of(A, isServer: false, [A, B, C], []).MayBegin);
        Assert.False(SeedPlan.Of(Worker, isServer: false, [A], []).MayBegin);
    }

    [Theory]
    [InlineData("server-0:7701", "server-0", 7701)]
    [InlineData("10.0.0.7:1", "10.0.0.7", 1)]
    [InlineData("localhost:65535", "localhost", 65535)]
    public void Reads_a_seed_node(string text, string host, int port) => Assert.Equal(new SeedNode(host, port), SeedNode.TryParse(text));

    [Theory]
    [InlineData("server-0")]
    [InlineData("server-0:")]
    [InlineData(":7701")]
    [InlineData("server-0:0")]
    [InlineData("server-0:65536")]
    [InlineData("server 0:7701")]
    [InlineData("akka.tcp://actortrainer@server-0:7701")]
    public void Takes_nothing_else_for_a_seed_node(string text) => Assert.Null(SeedNode.TryParse(text));
}
