using System.Collections.Immutable;
using System.Data.Common;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Storage;

/// <summary>
/// Which parts of checkpoints lie in the database, those of saves that a crash cut short included. The
/// snapshot store can delete what one can name, but names nothing.
/// </summary>
internal static class CheckpointCatalog
{
    /// <summary>
    /// Deletes a job's parts that belong to no kept checkpoint. What is newer than the newest kept one
    /// stays: it may be on its way to be recorded.
    /// </summary>
    /// <param name="kept">Oldest first; empty: nothing of the job stays.</param>
    /// <returns>How many snapshots were deleted.</returns>
    public static int Keep(Database database, JobId job, ImmutableArray<Checkpoint> kept)
    {
        using var connection = database.Open();
        string[] superfluous = [.. PersistenceIds(connection, job).Where(id => PartKey.Parse(id) is { } key && IsSuperfluous(key, kept))];
        if (superfluous.Length == 0)
        {
            return 0;
        }

        // Together: each transaction waits for the disk.
        using var transaction = connection.BeginTransaction();
        var deleted = 0;
        foreach (var id in superfluous)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "DELETE FROM snapshot WHERE persistence_id = @id";
            Add(command, "@id", id);
            deleted += command.ExecuteNonQuery();
        }

        transaction.Commit();
        return deleted;
    }

    private static bool IsSuperfluous(PartKey key, ImmutableArray<Checkpoint> kept) =>
        kept.IsEmpty
        || (!kept.Any(checkpoint => (checkpoint.Incarnation, checkpoint.Item) == (key.Incarnation, key.Item))
            && (key.Incarnation, key.Item).CompareTo((kept[^1].Incarnation, kept[^1].Item)) < 0);

    private static List<string> PersistenceIds(DbConnection connection, JobId job)
    {
        var prefix = PartKey.PrefixOf(job);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT persistence_id FROM snapshot WHERE persistence_id >= @first AND persistence_id < @end";
        Add(command, "@first", prefix);
        Add(command, "@end", prefix[..^1] + (char)(prefix[^1] + 1));
        var ids = new List<string>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    private static void Add(DbCommand command, string name, string value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
