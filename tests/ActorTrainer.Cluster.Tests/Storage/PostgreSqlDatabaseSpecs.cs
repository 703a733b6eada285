using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Tests.Shared;
using Npgsql;

namespace ActorTrainer.Cluster.Tests.Storage;

public sealed class PostgreSqlDatabaseSpecs
{
    private static string Refusal(string connectionString) =>
        Assert.Throws<NodeStartException>(() => Database.PostgreSql(connectionString).Prepare()).Message;

    [DatabaseFact]
    public async Task Makes_its_tables_once_for_servers_that_start_together()
    {
        var connection = PostgreSqlServer.Shared.NewDatabase();
        var servers = Enumerable.Range(0, 6).Select(_ => Database.PostgreSql(connection)).ToList();

        await Task.WhenAll(servers.Select(server => Task.Run(server.Prepare)));
        servers[0].Prepare();

        Assert.Single(servers.Select(server => server.Identity).Distinct());
        var other = Database.PostgreSql(PostgreSqlServer.Shared.NewDatabase());
        other.Prepare();
        Assert.NotEqual(servers[0].Identity, other.Identity);
    }

    [DatabaseFact]
    public void Says_where_nothing_listens()
    {
        var refusal = Refusal("Host=127.0.0.1;Port=1;Database=jobs;Username=me;Password=sesame");

        Assert.Equal("The database server at 127.0.0.1:1 cannot be reached: Connection refused.", refusal);
    }

    [DatabaseFact]
    public void Says_who_is_not_let_in_and_never_with_what_password()
    {
        var server = PostgreSqlServer.Shared;
        var wrong = new NpgsqlConnectionStringBuilder(server.NewDatabase()) { Password = "sesame" };

        var database = Database.PostgreSql(wrong.ConnectionString);
        var refusal = Assert.Throws<NodeStartException>(database.Prepare);

        Assert.Equal(
            $"The database server at 127.0.0.1:{server.Port} does not let \"actortrainer\" in: password authentication failed for user \"actortrainer\".",
            refusal.Message);
        Assert.DoesNotContain("sesame", refusal.ToString() + database, StringComparison.Ordinal);
    }

    [DatabaseFact]
    public void Says_which_database_is_missing()
    {
        var refusal = Refusal(PostgreSqlServer.Shared.ConnectionString("nobody_made_it"));

        Assert.Equal(
            $"There is no database \"nobody_made_it\" at 127.0.0.1:{PostgreSqlServer.Shared.Port}; create it (CREATE DATABASE nobody_made_it) or name another.", refusal);
    }

    [DatabaseFact]
    public void Says_who_may_not_make_tables()
    {
        var connection = PostgreSqlServer.Shared.NewDatabase();
        var guest = new NpgsqlConnectionStringBuilder(connection);
        Execute(connection, $"CREATE ROLE guest_{guest.Database} LOGIN PASSWORD 'guest'");
        (guest.Username, guest.Password) = ($"guest_{guest.Database}", "guest");

        Assert.Contains($"The user \"{guest.Username}\" may not make tables", Refusal(guest.ConnectionString), StringComparison.Ordinal);
    }

    [DatabaseFact]
    public void Refuses_a_database_that_would_forget_what_it_acknowledged()
    {
        var connection = PostgreSqlServer.Shared.NewDatabase();
        Execute(connection, $"ALTER DATABASE {new NpgsqlConnectionStringBuilder(connection).Database} SET synchronous_commit = off");

        Assert.Contains("has synchronous_commit = off and would lose in a power cut what was acknowledged", Refusal(connection), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Databse=jobs;Password=sesame")]
    [InlineData("Host=db;Port=sesame;Database=jobs")]
    [InlineData("sesame")]
    [InlineData("Database=jobs;Password=sesame")]
    [InlineData("")]
    public void Refuses_what_is_no_connection_string_and_does_not_repeat_it(string text)
    {
        var refusal = Assert.Throws<NodeStartException>(() => Database.PostgreSql(text));

        Assert.Contains("it must be like Host=db;Database=actortrainer;", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_its_connections_unless_told_otherwise()
    {
        Assert.Contains("Maximum Pool Size=16;", Database.PostgreSql("Host=db;Database=jobs;Username=me").Settings, StringComparison.Ordinal);
        Assert.Contains("Maximum Pool Size=3;", Database.PostgreSql("Host=db;Database=jobs;MaxPoolSize=3;Username=me").Settings, StringComparison.Ordinal);
    }

    private static void Execute(string connectionString, string statement)
    {
        using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(statement, connection);
        command.ExecuteNonQuery();
    }
}
