using System.Collections.Immutable;
using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// The checkpoint that is being saved, as the job hears of it (P9): of each part its hash, or that it
/// failed. Who tells is told what became of the checkpoint: recorded, or given up.
/// </summary>
internal sealed class CheckpointParts(IOutbox outbox)
{
    private readonly SortedDictionary<string, string?> _parts = new(StringComparer.Ordinal);
    private long _item = -1;

    private bool HasFailed => _parts.ContainsValue(null);

    /// <summary>Takes one word about a part. Null for the hash: the part failed.</summary>
    /// <param name="newest">The newest recorded checkpoint.</param>
    /// <returns>Whether the checkpoint may be whole by it; else whoever told was answered.</returns>
    public bool Take(Epoch epoch, Checkpoint? newest, long item, string part, string? sha256)
    {
        if (newest is not null && newest.Incarnation == epoch.Incarnation && item <= newest.Item)
        {
            outbox.Send(Party.Sender, new CheckpointSettled(epoch, item, item == newest.Item));
            return false;
        }

        if (Put(item, part, sha256) && !HasFailed)
        {
            return true;
        }

        // Given up, as far as this attempt goes: barrier and parts may try the item again, or a later one.
        outbox.Send(Party.Sender, new CheckpointSettled(epoch, item, false));
        if (sha256 is null)
        {
            outbox.Send(Party.Barrier, new CheckpointSettled(epoch, item, false));
        }

        return false;
    }

    /// <summary>
    /// The checkpoint, once all its parts are durable and the reports of all items that it covers were
    /// seen: an incarnation that starts from it never says them again (P8). Else null.
    /// </summary>
    /// <param name="epoch">The life that saved the parts.</param>
    /// <param name="progress">As far as the reports say.</param>
    public Checkpoint? Whole(Epoch epoch, RunShape shape, JobProgress progress)
    {
        if (HasFailed || progress.Item < _item)
        {
            return null;
        }

        var hashes = ImmutableArray.CreateBuilder<PartHash>();
        foreach (var part in PartNames.All(shape.Shards))
        {
            if (!_parts.TryGetValue(part, out var sha256) || sha256 is null)
            {
                return null;
            }

            hashes.Add(new PartHash(part, sha256));
        }

        var (parts, step) = (hashes.ToImmutable(), shape.Plan.StepsAfter(_item + 1));
        return new Checkpoint(epoch.Incarnation, epoch.Timeline, _item, step, parts, Root(parts), progress with { Item = _item, Step = step });
    }

    /// <summary>The checkpoint after the item is a fact: nothing is being saved any more, and the parties may know.</summary>
    public void SayRecorded(Epoch epoch, int shards, long item)
    {
        Clear();
        var settled = new CheckpointSettled(epoch, item, true);
        outbox.Send(Party.Barrier, settled);
        for (var shard = 0; shard < shards; shard++)
        {
            outbox.Send(Party.Shard(shard), settled);
        }
    }

    public void Clear()
    {
        _parts.Clear();
        _item = -1;
    }

    /// <summary>SHA-256 over the lines "part sha256\n".</summary>
    private static string Root(ImmutableArray<PartHash> parts) =>
        ContentHash.Sha256Of(Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => $"{part.Part} {part.Sha256}\n"))));

    /// <summary>False for a word about an older item than the newest, which says nothing.</summary>
    private bool Put(long item, string part, string? sha256)
    {
        if (item < _item)
        {
            return false;
        }

        if (item > _item)
        {
            _parts.Clear();
            _item = item;
        }

        _parts[part] = sha256;
        return true;
    }
}
