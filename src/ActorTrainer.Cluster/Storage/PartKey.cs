using System.Globalization;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Storage;

/// <summary>
/// Where a part of a checkpoint lies (P9). Every save has a key of its own, so that none can overwrite
/// another: a snapshot at an equal sequence number would.
/// </summary>
internal readonly record struct PartKey(JobId Job, string Part, long Incarnation, long Item)
{
    private const string Prefix = "part/";

    public string PersistenceId => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Job}/{Part}/{Incarnation}/{Item}");

    /// <summary>What the persistence ids of all parts of a job start with; no id contains a '/'.</summary>
    public static string PrefixOf(JobId job) => $"{Prefix}{job}/";

    /// <summary>The key that a persistence id was made of; null if it is none of a part.</summary>
    public static PartKey? Parse(string persistenceId) =>
        persistenceId.StartsWith(Prefix, StringComparison.Ordinal)
        && persistenceId[Prefix.Length..].Split('/') is [var job, var part, var incarnation, var item]
        && long.TryParse(incarnation, CultureInfo.InvariantCulture, out var i)
        && long.TryParse(item, CultureInfo.InvariantCulture, out var n)
            ? new PartKey(new JobId(job), part, i, n)
            : null;
}
