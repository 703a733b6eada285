using System.Collections.Immutable;
using ActorTrainer.Data;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// What survives every kill: journals, whose numbers are taken once, and parts of checkpoints, each under a key of
/// its own. It may fail, be slow, or say nothing and still have done what it was asked; stored bytes may be damaged.
/// </summary>
internal sealed class SimDatabase(SimWorld world)
{
    /// <summary>How long an answer is waited for.</summary>
    private const long Patience = 100_000;

    private readonly Dictionary<string, List<object>> _journals = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Part, long Incarnation, long Item), byte[]> _parts = [];
    private readonly HashSet<(string Part, long Incarnation, long Item)> _damaged = [];
    private readonly Queue<bool> _failingFacts = new();
    private long _silentUntil;
    private long _slowUntil;
    private int _failingParts;

    public IReadOnlyList<object> Facts(string journal) => _journals.GetValueOrDefault(journal) ?? [];

    public void FailFact(bool isStored) => _failingFacts.Enqueue(isStored);

    public void FailPart() => _failingParts++;

    public void BeSilent(long duration) => _silentUntil = Math.Max(_silentUntil, world.Now + duration);

    public void BeSlow(long duration) => _slowUntil = Math.Max(_slowUntil, world.Now + duration);

    /// <summary>Reads a whole journal, once the database answers.</summary>
    public void ReadJournal(SimProcess process, string journal, Action<ImmutableArray<object>> read) => world.After(Took(500, 3_000), () =>
    {
        if (world.Now < _silentUntil)
        {
            world.After(_silentUntil - world.Now, () => ReadJournal(process, journal, read));
        }
        else
        {
            process.Enter(() => read([.. Facts(journal)]));
        }
    });

    /// <summary>Appends a fact under a number; whoever comes second with a number fails.</summary>
    public void Append(SimParty writer, string journal, int number, object fact, Action stored, Action failed)
    {
        if (world.Now < _silentUntil)
        {
            // The writer gives up; what it asked for may still be done.
            world.Count("database silent to a fact");
            world.After(Patience, () => writer.Process.Enter(failed));
            if (world.Random.Next(2) == 0)
            {
                world.After(_silentUntil - world.Now, () => Write(journal, number, fact));
            }

            return;
        }

        world.After(Took(500, 3_000), () =>
        {
            if (_failingFacts.TryDequeue(out var isStored))
            {
                world.Count(isStored ? "fact stored, but its writer hears that it is not" : "fact not stored");
                if (isStored)
                {
                    Write(journal, number, fact);
                }

                writer.Process.Enter(failed);
            }
            else if (!writer.IsAlive && world.Random.Next(2) == 0)
            {
                world.Count("writer dies before its fact is stored");
            }
            else if (Write(journal, number, fact))
            {
                writer.Process.Enter(stored);
            }
            else
            {
                world.Count("another process has written the journal");
                writer.Process.Enter(failed);
            }
        });
    }

    /// <summary>A part on its way to the disk: what is stored is what the buffer holds in the end.</summary>
    public void SavePart(SimRunParty party, Effect.SavePart save)
    {
        var key = world.Bug?.Key?.Invoke(save.Part, save.Epoch.Incarnation, save.Item) ?? (save.Part, save.Epoch.Incarnation, save.Item);
        if (world.Now < _silentUntil)
        {
            world.Count("database silent to a part");
            world.After(Patience, () => Failed("the store was silent"));
            if (world.Random.Next(2) == 0)
            {
                world.After(_silentUntil - world.Now, () => Write(key, save.Content));
            }

            return;
        }

        if (world.Bug is { AcknowledgesPartsEarly: true })
        {
            party.Process.Enter(() => party.Receive(null, new PartStored(save.Epoch, save.Item, ContentHash.Sha256Of(save.Content.Span))));
        }

        world.After(Took(500, world.Options.Remembers ? 15_000 : 2_000), () =>
        {
            if (!party.IsAlive && world.Random.Next(2) == 0)
            {
                return;
            }

            if (_failingParts > 0)
            {
                _failingParts--;
                world.Count("part not stored");
                Failed("the disk is full");
                return;
            }

            Write(key, save.Content);
            party.Receive(null, new PartStored(save.Epoch, save.Item, ContentHash.Sha256Of(_parts[key])));
        });

        void Failed(string reason) => party.Receive(null, new PartNotStored(save.Epoch, save.Item, reason));
    }

    /// <summary>The part as it was recorded; null if it is not that any more.</summary>
    public void ReadPart(SimProcess process, string part, Checkpoint checkpoint, Action<byte[]?> read) => world.After(Took(500, 15_000), () =>
    {
        if (world.Now < _silentUntil)
        {
            world.After(_silentUntil - world.Now, () => ReadPart(process, part, checkpoint, read));
        }
        else
        {
            process.Enter(() => read(Part(part, checkpoint)));
        }
    });

    public byte[]? Part(string part, Checkpoint checkpoint)
    {
        var expected = checkpoint.Parts.Single(hash => hash.Part == part).Sha256;
        var key = world.Bug?.Key?.Invoke(part, checkpoint.Incarnation, checkpoint.Item) ?? (part, checkpoint.Incarnation, checkpoint.Item);
        return _parts.TryGetValue(key, out var bytes) && (world.Bug is { IgnoresHashes: true } || ContentHash.Sha256Of(bytes) == expected)
            ? bytes
            : null;
    }

    /// <summary>Deletes what belongs to none of these and is no newer than the last of them.</summary>
    public void Keep(ImmutableArray<Checkpoint> kept) => world.After(Took(500, 10_000), () =>
    {
        var newest = kept.IsEmpty ? (long.MaxValue, long.MaxValue) : (kept[^1].Incarnation, kept[^1].Item);
        foreach (var key in _parts.Keys.ToArray())
        {
            if ((key.Incarnation, key.Item).CompareTo(newest) <= 0
                && !kept.Any(checkpoint => (checkpoint.Incarnation, checkpoint.Item) == (key.Incarnation, key.Item)))
            {
                _parts.Remove(key);
            }
        }
    });

    /// <summary>Damages a part of a recorded checkpoint: its end is gone, a bit is another, or all of it is gone.</summary>
    public void Tear(Checkpoint checkpoint, Random random)
    {
        var part = PartNames.All(world.Shards.Count).ElementAt(random.Next(world.Shards.Count + 1));
        var key = (part, checkpoint.Incarnation, checkpoint.Item);
        if (!_parts.TryGetValue(key, out var bytes) || !_damaged.Add(key))
        {
            return;
        }

        switch (random.Next(3))
        {
            case 0:
                world.Count("part truncated");
                _parts[key] = bytes[..random.Next(bytes.Length)];
                break;
            case 1:
                world.Count("bit of a part flipped");
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                break;
            default:
                world.Count("part missing");
                _parts.Remove(key);
                break;
        }
    }

    /// <summary>The job hears that a part cannot be read, which has to be true.</summary>
    public void Reported(JobProtocol.CheckpointUnreadable unreadable)
    {
        if (!_damaged.Any(key => key.Part == unreadable.Part))
        {
            world.Fail($"{unreadable.Part} of a checkpoint is said to be unreadable, and nobody has damaged it");
        }
    }

    private long Took(int from, int to) => world.Random.Next(from, to) * (world.Now < _slowUntil ? 10 : 1);

    private bool Write(string journal, int number, object fact)
    {
        if (!_journals.TryGetValue(journal, out var facts))
        {
            _journals.Add(journal, facts = []);
        }

        if (facts.Count != number && world.Bug is not { WritesWithoutFence: true })
        {
            return false;
        }

        facts.Add(fact);
        return true;
    }

    private void Write((string Part, long Incarnation, long Item) key, ReadOnlyMemory<byte> content)
    {
        _parts[key] = content.ToArray();
        _damaged.Remove(key);
    }
}
