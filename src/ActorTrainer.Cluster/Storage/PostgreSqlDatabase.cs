using System.Data.Common;
using System.Net.Sockets;
using ActorTrainer.Cluster.Hosting;
using Npgsql;

namespace ActorTrainer.Cluster.Storage;

/// <summary>Journal and snapshots in a PostgreSQL database that several server nodes share.</summary>
internal sealed class PostgreSqlDatabase : Database
{
    /// <summary>The oldest version that the specs run on.</summary>
    private const int OldestVersion = 15;

    /// <summary>Connections of one process; three servers and their tools stay below the 100 that PostgreSQL takes unless told otherwise.</summary>
    private const int MostConnections = 16;

    /// <summary>How long to wait for a server that says it is just starting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(200);

    private readonly NpgsqlConnectionStringBuilder _connection;
    private string _identity = "";

    public PostgreSqlDatabase(string connectionString)
    {
        try
        {
            _connection = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            // Not the exception's own words: it may quote what is a secret.
            throw Wrong();
        }

        if (string.IsNullOrEmpty(_connection.Host) || string.IsNullOrEmpty(_connection.Database))
        {
            throw Wrong();
        }

        Name = $"\"{_connection.Database}\" at {_connection.Host}:{_connection.Port}";

        // What the user says stays; else a command fails before the journal's circuit breaker does, which could
        // only say that it took too long.
        DefaultTo("Maximum Pool Size", MostConnections);
        DefaultTo("Timeout", 5);
        DefaultTo("Command Timeout", 15);
        _connection.ApplicationName ??= "actortrainer";
        _connection.PersistSecurityInfo = false;
    }

    public override bool IsShared => true;

    public override string Name { get; }

    public override string Identity => _identity;

    public override string Settings => JournalSettings.Of(_connection.ConnectionString, "PostgreSQL.15", makesTables: false);

    public override DbConnection Open() => OpenConnection();

    public override void Prepare()
    {
        try
        {
            using var connection = OpenOnceStarted();
            if (connection.PostgreSqlVersion.Major < OldestVersion)
            {
                throw new NodeStartException($"The database server at {_connection.Host}:{_connection.Port} is PostgreSQL {connection.PostgreSqlVersion}; it must be {OldestVersion} or newer.");
            }

            foreach (var setting in new[] { "fsync", "full_page_writes", "synchronous_commit" })
            {
                using var show = new NpgsqlCommand($"SHOW {setting}", connection);
                if (show.ExecuteScalar() is "off")
                {
                    throw new NodeStartException($"The database {Name} has {setting} = off and would lose in a power cut what was acknowledged; set it to on.");
                }
            }

            _identity = PostgreSqlTables.Ensure(connection).ToString("n");
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw new NodeStartException(Sentence(failure), failure);
        }
    }

    private static NodeStartException Wrong() => new(
        "The database's connection string is not one of PostgreSQL's; it must be like Host=db;Database=actortrainer;Username=actortrainer;Password=….");

    private void DefaultTo(string keyword, int value)
    {
        if (!_connection.ShouldSerialize(keyword))
        {
            _connection[keyword] = value;
        }
    }

    private NpgsqlConnection OpenConnection()
    {
        var connection = new NpgsqlConnection(_connection.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private NpgsqlConnection OpenOnceStarted()
    {
        for (var since = DateTime.UtcNow; ;)
        {
            try
            {
                return OpenConnection();
            }
            catch (PostgresException starting) when (starting.SqlState == PostgresErrorCodes.CannotConnectNow && DateTime.UtcNow - since < Patience)
            {
                Thread.Sleep(BetweenAttempts);
            }
        }
    }

    private string Sentence(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
            $"The database server at {_connection.Host}:{_connection.Port} does not let \"{_connection.Username}\" in: {refused.MessageText}.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
            $"There is no database {Name}; create it (CREATE DATABASE {_connection.Database}) or name another.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
            $"The user \"{_connection.Username}\" may not make tables in the database {Name}: {refused.MessageText}.",
        PostgresException other => $"The database {Name} cannot be used: {other.MessageText}.",
        { InnerException: SocketException unreachable } =>
            $"The database server at {_connection.Host}:{_connection.Port} cannot be reached: {unreachable.Message}.",
        _ => $"The database {Name} cannot be used: {failure.Message}.",
    };
}
