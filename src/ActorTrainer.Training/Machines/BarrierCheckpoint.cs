using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// The checkpoint a barrier has ordered and follows until it is settled (P9): the order to the shards is
/// said again, the barrier's own part is saved, and one that has to be is tried again after a second.
/// </summary>
internal sealed class BarrierCheckpoint(Epoch epoch, int shards, int ticksToRetry, IOutbox outbox)
{
    private readonly PartSaver _saver = new(epoch, PartNames.Lanes, outbox);
    private Commit? _order;
    private int _ticks;

    /// <summary>The training item after which the newest checkpoint stands or is tried; −1: none.</summary>
    public long Item { get; private set; } = -1;

    /// <summary>Whether parts are being saved that the job has not settled.</summary>
    public bool IsSaving { get; private set; }

    /// <summary>The run starts after this item's checkpoint, which is recorded.</summary>
    public void StartFrom(long item) => Item = item;

    /// <summary>Checkpoints that fell due while one was not settled.</summary>
    public int Skipped { get; private set; }

    /// <summary>
    /// Whether a step's commit carries a checkpoint; null: the step has to wait until an older one is settled.
    /// </summary>
    /// <param name="must">Whether the run may not do without it; else it is skipped beside an older one.</param>
    /// <param name="isDue">Whether one falls due with the step at all.</param>
    public bool? IsDue(bool must, bool isDue)
    {
        if (!isDue || !IsSaving)
        {
            return isDue;
        }

        if (must)
        {
            return null;
        }

        Skipped++;
        return false;
    }

    /// <summary>A commit carries a new checkpoint.</summary>
    /// <param name="lanes">Writes the barrier's own part, of the run right after the item.</param>
    public void Begin(Commit commit, Func<ReadOnlyMemory<byte>> lanes)
    {
        (_order, Item, IsSaving) = (commit, commit.Item, true);
        _saver.Begin(Item, lanes);
    }

    public void Handle(PartStored stored) => _saver.Handle(stored);

    public void Handle(PartNotStored failed) => _saver.Handle(failed);

    /// <summary>The job has recorded the checkpoint, or given it up.</summary>
    /// <param name="must">Whether the run may not do without it.</param>
    public void Handle(CheckpointSettled settled, bool must)
    {
        _saver.Handle(settled);
        if (!IsSaving || settled.Item != Item)
        {
            return;
        }

        IsSaving = false;
        if (settled.Recorded)
        {
            _order = null;
        }
        else if (must)
        {
            _ticks = ticksToRetry;
        }
        else
        {
            (_order, Item) = (null, -1);
        }
    }

    /// <summary>Says again what was not acknowledged; tries again what was given up and has to be (P6).</summary>
    /// <param name="lastTrainingItem">The lanes' part is saved only while what they carry is what they carried then.</param>
    /// <param name="lanes">Writes the barrier's own part.</param>
    public void Tick(long lastTrainingItem, Func<ReadOnlyMemory<byte>> lanes)
    {
        _saver.Say();
        if (_order is null || (!IsSaving && --_ticks > 0))
        {
            return;
        }

        for (var shard = 0; shard < shards; shard++)
        {
            outbox.Send(Party.Shard(shard), _order);
        }

        IsSaving = true;
        if (lastTrainingItem == Item && !_saver.IsSavingOrSaved(Item))
        {
            _saver.Begin(Item, lanes);
        }
    }
}
