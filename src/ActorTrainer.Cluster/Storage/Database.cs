using System.Data.Common;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cluster.Storage;

/// <summary>
/// Where journal, snapshots and parts of checkpoints lie. Only a server node has one; the others have
/// <see cref="None"/>.
/// </summary>
internal abstract class Database
{
    /// <summary>That of a node that is no server: nothing of it can be opened.</summary>
    public static Database None { get; } = new NoDatabase();

    /// <summary>Whether several server nodes may use it at once.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Once it is prepared: equal for all who use the same one, other for all else. A part of a member's role; empty: there is none.</summary>
    public abstract string Identity { get; }

    /// <summary>Akka's settings of journal and snapshot store (HOCON).</summary>
    public abstract string Settings { get; }

    /// <summary>What people call it: without user and password.</summary>
    public abstract string Name { get; }

    /// <summary>A file, for exactly one server node.</summary>
    public static Database Sqlite(string path) => new SqliteDatabase(path);

    /// <summary>A PostgreSQL server, for any number of server nodes.</summary>
    /// <param name="connectionString">As Npgsql takes it: Host=…;Database=…;Username=…;Password=….</param>
    /// <exception cref="NodeStartException">It is none.</exception>
    public static Database PostgreSql(string connectionString) => new PostgreSqlDatabase(connectionString);

    /// <summary>A connection that is open, for the caller to dispose.</summary>
    /// <exception cref="DbException">It cannot be opened.</exception>
    public abstract DbConnection Open();

    /// <summary>Before anything is stored: makes what must be there, and asserts that an acknowledged event survives a power cut.</summary>
    /// <exception cref="NodeStartException">It is not ours to use; the message says what to do.</exception>
    public abstract void Prepare();

    public sealed override string ToString() => Name;

    private sealed class NoDatabase : Database
    {
        public override bool IsShared => false;

        public override string Identity => "";

        public override string Settings => "";

        public override string Name => "no database";

        public override DbConnection Open() => throw new InvalidOperationException("This node is no server; it has no database.");

        public override void Prepare()
        {
        }
    }
}
