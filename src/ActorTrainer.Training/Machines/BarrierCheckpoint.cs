using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// The checkpoint a barrier has ordered and follows until it is settled (P9): the order to the shards is
/// said again, the barrier's own part is saved, and one that has to be is tried again after a second.
/// </summary>
/// <remarks>
/// At no time are more steps committed beyond the last settled checkpoint than the interval has: it is recorded, or
/// given up with an alarm, after which training goes on. A step that may not be committed always waits for one that
/// is being saved: two cadences are more than an interval, so that the next would have begun else.
/// </remarks>
internal sealed class BarrierCheckpoint(Epoch epoch, int shards, BarrierSettings settings, IOutbox outbox)
{
    private readonly PartSaver _saver = new(epoch, PartNames.Lanes, outbox);
    private Commit? _order;
    private long _settledStep;
    private int _ticks;

    /// <summary>The training item after which the newest checkpoint stands or is tried; −1: none.</summary>
    public long Item { get; private set; } = -1;

    /// <summary>Whether parts are being saved that the job has not settled.</summary>
    public bool IsSaving { get; private set; }

    /// <summary>Training steps applied where the newest checkpoint stands or is tried.</summary>
    public long Step { get; private set; }

    /// <summary>The run starts after this item's checkpoint, which is recorded.</summary>
    public void StartFrom(long item, long step) => (Item, Step, _settledStep) = (item, step, step);

    /// <summary>
    /// Whether the commit of the step that makes this version carries a checkpoint; null: it has to wait until the one
    /// that is being saved is settled.
    /// </summary>
    /// <param name="must">Whether the run needs one after this step, due or not.</param>
    public bool? IsDue(long step, bool must)
    {
        var isDue = must || step % settings.CheckpointCadence == 0;
        return IsSaving && (isDue || step > _settledStep + settings.CheckpointInterval) ? null : isDue;
    }

    /// <summary>A commit carries a new checkpoint.</summary>
    /// <param name="step">Training steps applied by it.</param>
    /// <param name="lanes">Writes the barrier's own part, of the run right after the item.</param>
    public void Begin(Commit commit, long step, Func<ReadOnlyMemory<byte>> lanes)
    {
        (_order, Item, Step, IsSaving) = (commit, commit.Item, step, true);
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

        (IsSaving, _settledStep) = (false, Step);
        if (settled.Recorded)
        {
            _order = null;
        }
        else if (must)
        {
            _ticks = settings.TicksPerSecond;
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
