using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Tests.Storage;
using ActorTrainer.Tests.Shared;

namespace ActorTrainer.Cluster.Tests.Hosting;

public sealed class SharedDatabaseTests
{
    private const string Elder = "akka.tcp://actortrainer@elder:4053";

    private static string? Disagreement(Database own, Database theirs) =>
        SharedDatabase.Disagreement(own, [("akka.tcp://actortrainer@w:1", ["worker"]), (Elder, ["server", .. SharedDatabase.RolesOf(theirs)])]);

    [Fact]
    public void Lets_a_SQLite_file_serve_one_server_only() => Assert.Equal(
        $"This server keeps its jobs in the SQLite file /data/a.db, which serves exactly one server, and {Elder} is a server of this cluster already; give all servers one PostgreSQL database.",
        Disagreement(Database.Sqlite("/data/a.db"), Database.Sqlite("/data/a.db")));

    [Fact]
    public void Asks_nothing_of_a_node_that_is_no_server()
    {
        Assert.Empty(SharedDatabase.RolesOf(Database.None));
        Assert.Null(Disagreement(Database.None, Database.Sqlite("/data/a.db")));
    }

    [Fact]
    public void Lets_a_server_follow_nodes_that_are_none() =>
        Assert.Null(Disagreement(Database.Sqlite("/data/a.db"), Database.None));

    [Fact]
    public async Task Refuses_to_start_as_the_second_server_on_SQLite()
    {
        using var directory = new TemporaryDirectory();
        await using var first = await TrainingNode.StartAsync(new NodeOptions { DataDirectory = Path.Combine(directory.Path, "first") });

        var refusal = await Assert.ThrowsAsync<NodeStartException>(() => TrainingNode.StartAsync(
            new NodeOptions { DataDirectory = Path.Combine(directory.Path, "second"), SeedNodes = [first.Address.Split('@')[1]] }));

        Assert.Contains($"and {first.Address} is a server of this cluster already", refusal.Message, StringComparison.Ordinal);
        Assert.False(first.Terminated.IsCompleted);
    }
}

public sealed class SharedPostgreSqlDatabaseSpecs
{
    [DatabaseFact]
    public async Task Lets_servers_join_that_use_one_database_and_no_other()
    {
        using var directory = new TemporaryDirectory();
        var connection = PostgreSqlServer.Shared.NewDatabase();
        await using var first = await TrainingNode.StartAsync(Options("first", connection));
        await using var second = await TrainingNode.StartAsync(Options("second", connection) with { SeedNodes = [first.Address.Split('@')[1]] });

        var refusal = await Assert.ThrowsAsync<NodeStartException>(() => TrainingNode.StartAsync(
            Options("third", PostgreSqlServer.Shared.NewDatabase()) with { SeedNodes = [first.Address.Split('@')[1]] }));

        Assert.Contains("in another; give all servers the same one", refusal.Message, StringComparison.Ordinal);
        Assert.False(first.Terminated.IsCompleted);

        NodeOptions Options(string name, string database) =>
            new() { DataDirectory = Path.Combine(directory.Path, name), DatabaseConnection = database };
    }
}
