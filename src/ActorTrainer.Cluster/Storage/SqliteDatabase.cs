using System.Data.Common;
using ActorTrainer.Cluster.Hosting;
using Microsoft.Data.Sqlite;

namespace ActorTrainer.Cluster.Storage;

/// <summary>Journal and snapshots in a file of the data directory.</summary>
internal sealed class SqliteDatabase(string path) : Database
{
    /// <summary>SQLite's code of PRAGMA synchronous=FULL: a commit is on the disk when it returns.</summary>
    private const long Full = 2;

    public override bool IsShared => false;

    public override string Name => path;

    /// <summary>Nobody else's, even if the file was copied.</summary>
    public override string Identity { get; } = Guid.NewGuid().ToString("n");

    public override string Settings => JournalSettings.Of(ConnectionString, "SQLite.MS", makesTables: true);

    // 8 s: below the journal's circuit breaker, so that a lock is told as what it is.
    private string ConnectionString { get; } = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 8 }.ToString();

    public override DbConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
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

    /// <summary>
    /// Makes the file with a write-ahead log (about 1 ms an event in place of 2.6; the setting stays in
    /// the file) and asserts that commits are durable.
    /// </summary>
    public override void Prepare()
    {
        try
        {
            // Made here, so that it is private; its write-ahead log takes the mode over.
            PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            using var connection = Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL";
            if (command.ExecuteScalar() is not "wal")
            {
                throw new NodeStartException($"The file system of {path} cannot hold a write-ahead log; choose another data directory.");
            }

            command.CommandText = "PRAGMA synchronous";
            if (command.ExecuteScalar() is not Full)
            {
                throw new NodeStartException($"SQLite would not make commits to {path} durable: synchronous is not FULL.");
            }
        }
        catch (SqliteException failure)
        {
            throw new NodeStartException($"The database {path} cannot be opened: {failure.Message}", failure);
        }
    }
}
