using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// The last decision on its way into the shards (P4): said to each until it has applied it. Which shards
/// have applied is known only of this one; all have applied those before it.
/// </summary>
internal sealed class CommitOrder(int shards, IOutbox outbox)
{
    private readonly bool[] _waitsFor = new bool[shards];
    private Commit? _commit;
    private int _ticks;

    /// <summary>Whether every shard holds the newest version.</summary>
    public bool IsApplied => !_waitsFor.Contains(true);

    /// <summary>Shards that have not applied, ascending.</summary>
    public IEnumerable<int> WaitsFor => Enumerable.Range(0, _waitsFor.Length).Where(shard => _waitsFor[shard]);

    /// <summary>A step is decided: every shard is to apply it.</summary>
    public void Begin(Commit commit)
    {
        (_commit, _ticks) = (commit, 0);
        Array.Fill(_waitsFor, true);
        Say();
    }

    /// <summary>Says the order again to whoever has not applied it (P6), once a whole tick has gone since it was decided.</summary>
    public void Tick()
    {
        if (_ticks++ > 0)
        {
            Say();
        }
    }

    /// <summary>A shard says that its tree is whole: it has not heard the order, if that is the tree's.</summary>
    public void Answer(ShardWhole whole)
    {
        if (_commit?.Item == whole.Item)
        {
            outbox.Send(Party.Shard(whole.Shard), _commit);
        }
    }

    public void Take(Applied applied)
    {
        if (applied.Item == _commit?.Item && applied.Shard >= 0 && applied.Shard < _waitsFor.Length)
        {
            _waitsFor[applied.Shard] = false;
        }
    }

    /// <summary>All shards have applied the order, as follows from something else.</summary>
    public void TakeAll() => Array.Clear(_waitsFor);

    private void Say()
    {
        for (var shard = 0; shard < _waitsFor.Length; shard++)
        {
            if (_waitsFor[shard])
            {
                outbox.Send(Party.Shard(shard), _commit!);
            }
        }
    }
}
