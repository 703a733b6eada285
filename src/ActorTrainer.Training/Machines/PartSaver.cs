using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// One party's part of a checkpoint on its way (P9): None → Saving → Saved or Failed, said to the job
/// until it is settled. At most one at a time.
/// </summary>
internal sealed class PartSaver(Epoch epoch, string part, IOutbox outbox)
{
    private Stage _stage;
    private long _item = -1;
    private long _recorded = -1;
    private long _writing = -1;
    private string _outcome = "";

    private enum Stage
    {
        None,
        Saving,
        Saved,
        Failed,
    }

    /// <summary>Whether a part of this item is being saved, was saved or is recorded, so that nothing is to be done.</summary>
    public bool IsSavingOrSaved(long item) => item == _recorded || (item == _item && _stage is Stage.Saving or Stage.Saved);

    /// <summary>
    /// Has the part saved as <paramref name="write"/> makes it now. While an older one is still being
    /// written, and its buffer read, the new one has failed.
    /// </summary>
    public void Begin(long item, Func<ReadOnlyMemory<byte>> write)
    {
        _item = item;
        if (_writing >= 0)
        {
            (_stage, _outcome) = (Stage.Failed, $"the part after item {_writing} is still being written");
            Say();
            return;
        }

        (_stage, _writing) = (Stage.Saving, item);
        outbox.Perform(new Effect.SavePart(epoch, item, part, write()));
    }

    public void Handle(PartStored stored) => Written(stored.Epoch, stored.Item, Stage.Saved, stored.Sha256);

    public void Handle(PartNotStored failed) => Written(failed.Epoch, failed.Item, Stage.Failed, failed.Reason);

    /// <summary>The job knows. After a checkpoint that was given up, the next order to save does it anew.</summary>
    public void Handle(CheckpointSettled settled)
    {
        if (settled.Epoch != epoch || settled.Item != _item || _stage is not (Stage.Saved or Stage.Failed))
        {
            return;
        }

        _stage = Stage.None;
        if (settled.Recorded)
        {
            _recorded = settled.Item;
        }
    }

    /// <summary>Says the outcome again (P6).</summary>
    public void Say()
    {
        if (_stage == Stage.Saved)
        {
            outbox.Send(Party.Job, new PartSaved(epoch, _item, part, _outcome));
        }
        else if (_stage == Stage.Failed)
        {
            outbox.Send(Party.Job, new PartFailed(epoch, _item, part, _outcome));
        }
    }

    private void Written(Epoch of, long item, Stage stage, string outcome)
    {
        if (of != epoch || item != _writing)
        {
            return;
        }

        _writing = -1;
        if (item == _item && _stage == Stage.Saving)
        {
            (_stage, _outcome) = (stage, outcome);
            Say();
        }
    }
}
