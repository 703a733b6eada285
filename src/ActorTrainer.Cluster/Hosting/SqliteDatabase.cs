using Microsoft.Data.Sqlite;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>The file of journal and snapshots.</summary>
internal static class SqliteDatabase
{
    /// <summary>SQLite's code of PRAGMA synchronous=FULL: a commit is on the disk when it returns.</summary>
    private const long Full = 2;

    // 8 s: below the journal's circuit breaker, so that a lock is told as what it is.
    public static string ConnectionString(string path) =>
        new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 8 }.ToString();

    /// <summary>
    /// Makes the file with a write-ahead log (about 1 ms an event in place of 2.6; the setting stays in
    /// the file) and asserts that an acknowledged event survives a power cut.
    /// </summary>
    /// <exception cref="NodeStartException">The file is not ours to use.</exception>
    public static void Prepare(string path)
    {
        try
        {
            // Made here, so that it is private; its write-ahead log takes the mode over.
            PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            using var connection = new SqliteConnection(ConnectionString(path));
            connection.Open();
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
