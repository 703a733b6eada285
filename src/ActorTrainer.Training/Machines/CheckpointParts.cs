using System.Collections.Immutable;
using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Training.Machines;

/// <summary>What the job knows of the checkpoint that is being saved: of each part its hash, or that it failed.</summary>
internal sealed class CheckpointParts
{
    private readonly SortedDictionary<string, string?> _parts = new(StringComparer.Ordinal);

    /// <summary>The item whose parts these are; −1: none.</summary>
    public long Item { get; private set; } = -1;

    public bool HasFailed => _parts.ContainsValue(null);

    /// <summary>Takes one word about a part; a word about an older item than the newest is nothing. Null: it failed.</summary>
    public bool Take(long item, string part, string? sha256)
    {
        if (item < Item)
        {
            return false;
        }

        if (item > Item)
        {
            _parts.Clear();
            Item = item;
        }

        _parts[part] = sha256;
        return true;
    }

    /// <summary>The hashes of all parts in the order of the root hash, or null while one is missing.</summary>
    public ImmutableArray<PartHash>? Whole(int shards)
    {
        var hashes = ImmutableArray.CreateBuilder<PartHash>();
        foreach (var part in PartNames.All(shards))
        {
            if (!_parts.TryGetValue(part, out var sha256) || sha256 is null)
            {
                return null;
            }

            hashes.Add(new PartHash(part, sha256));
        }

        return hashes.ToImmutable();
    }

    public void Clear()
    {
        _parts.Clear();
        Item = -1;
    }

    /// <summary>SHA-256 over the lines "part sha256\n".</summary>
    public static string Root(ImmutableArray<PartHash> parts) =>
        ContentHash.Sha256Of(Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => $"{part.Part} {part.Sha256}\n"))));
}
