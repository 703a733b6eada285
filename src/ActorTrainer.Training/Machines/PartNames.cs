using System.Globalization;

namespace ActorTrainer.Training.Machines;

/// <summary>What the parts of a checkpoint are called: in messages, in keys of the store, in the root hash.</summary>
public static class PartNames
{
    /// <summary>The barrier's part: carried states and running sums.</summary>
    public const string Lanes = "lanes";

    public static string Shard(int index) => string.Create(CultureInfo.InvariantCulture, $"shard-{index}");

    /// <summary>All parts of a checkpoint, in the order of the root hash.</summary>
    public static IEnumerable<string> All(int shards) => Enumerable.Range(0, shards).Select(Shard).Append(Lanes);
}
