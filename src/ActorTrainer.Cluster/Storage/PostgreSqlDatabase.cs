using System.Data.Common;
using ActorTrainer.Cluster.Hosting;
using Npgsql;

namespace ActorTrainer.Cluster.Storage;

/// <summary>Journal and snapshots in a PostgreSQL database that several server nodes share.</summary>
internal sealed class PostgreSqlDatabase : Database
{
    private readonly string _connectionString;

    public PostgreSqlDatabase(string connectionString)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            Name = $"{builder.Database} at {builder.Host}:{builder.Port}";
            _connectionString = builder.ConnectionString;
        }
        catch (ArgumentException wrong)
        {
            throw new NodeStartException("The database's connection string is none; it must be like Host=db;Database=actortrainer;Username=actortrainer;Password=….", wrong);
        }
    }

    public override bool IsShared => true;

    public override string Name { get; }

    public override string Settings => JournalSettings.Of(_connectionString, "PostgreSQL.15", makesTables: true);

    public override DbConnection Open()
    {
        var connection = new NpgsqlConnection(_connectionString);
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

    public override void Prepare()
    {
        try
        {
            using var connection = Open();
        }
        catch (NpgsqlException failure)
        {
            throw new NodeStartException($"The database {Name} cannot be opened: {failure.Message}", failure);
        }
    }
}
