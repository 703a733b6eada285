using System.Collections.Immutable;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// A job from its submission to its end: Queued → Placing → Running ⇄ Paused → Finishing → Completed |
/// Failed | Cancelled. It decides facts, and acts once they are stored; in no step's path.
/// </summary>
/// <remarks>
/// <para>
/// How a shell drives it: after a start, <see cref="Recover"/> for each stored fact, then
/// <see cref="Recovered"/>. From then on messages, commands and ticks one at a time; at
/// <see cref="Effect.Persist"/> the shell stores the fact, handles nothing else meanwhile, and calls
/// <see cref="Persisted"/>, which may ask for the next fact.
/// </para>
/// <para>P1: whatever starts or takes over a run first stores a new incarnation; only then is anything sent.</para>
/// <para>
/// P8: a lost shard or barrier, or a restart of the job itself, begins an incarnation at the newest
/// recorded checkpoint. After <see cref="MaximumStarts"/> incarnations in which not one new item was
/// committed, the job fails.
/// </para>
/// <para>
/// P12: a pause is served where a checkpoint stands after a training step, and so is a drain, of which nothing
/// is stored: the next incarnation starts there. A pause that was asked for and not yet stored is forgotten by
/// a crash; whoever asked got no answer and asks again.
/// </para>
/// </remarks>
public sealed partial class TrainingJob(JobId id, IOutbox outbox)
{
    /// <summary>Incarnations without a new item before the job fails.</summary>
    public const int MaximumStarts = 25;

    private readonly WorkerRoster _workers = new();
    private readonly JobReports _reports = new();
    private readonly CheckpointParts _parts = new(outbox);
    private readonly JobWaits _waits = new();
    private Plan? _plan;
    private string _lack = "";
    private EdgeWish _wish;
    private bool _publishing;
    private long _startsSinceProgress;

    /// <summary>The fold of the facts stored so far.</summary>
    public JobRecord Record { get; private set; } = JobRecord.Empty;

    /// <summary>What the job is doing, as a client is told.</summary>
    public JobState State { get; private set; } = JobState.Queued;

    /// <summary>Why it is in this state, in half a sentence, where that is not plain.</summary>
    public string Reason => Record.Reason.Length > 0 ? Record.Reason : _lack;

    /// <summary>For whom the next item waits longer than is usual; nobody while all goes well.</summary>
    public ImmutableArray<JobWait> Waits => _waits.Now;

    /// <summary>As far as the reports say; ahead of what a checkpoint covers.</summary>
    public JobProgress Progress => _reports.Progress;

    /// <summary>Whether the barrier follows what is known of workers: those that were lost own no lanes any more.</summary>
    public bool IsAssigned => _workers.IsFollowed;

    /// <summary>The life that counts.</summary>
    public Epoch Epoch => new(id, Record.Incarnation, Record.Timeline);

    private int MinimumWorkers => Record.Submission?.Spec.Placement.MinimumWorkers ?? 1;

    private RunShape Shape => Record.Submission!.Shape;

    private Plan Plan => _plan ??= Shape.Plan;

    private long LastTrainingItem => Plan.ItemOfStep(Plan.Steps - 1);

    private bool IsActive => !Record.HasEnded && Record.State is not JobState.Paused && Record.Submission is not null;

    /// <summary>Folds a fact that was stored before this process; sends nothing.</summary>
    public void Recover(JobFact fact)
    {
        Record = Record.With(fact);
        _reports.StartFrom(Record.Progress);
        State = Record.State;
    }

    /// <summary>
    /// All facts are folded: what was running is taken over, in a new incarnation (P1); what had stopped is
    /// stopped again, as the crash may have come between the fact and its effects.
    /// </summary>
    public void Recovered()
    {
        if (IsActive)
        {
            StartIncarnation();
        }
        else if (Record.Submission is not null)
        {
            outbox.Perform(new Effect.StateChanged(State));
            Stop();
        }
    }

    /// <summary>Handles one message; what is not a job's is ignored.</summary>
    public void Handle(object message)
    {
        switch (message)
        {
            case WorkerJoined joined when _workers.Add(joined.Worker, joined.Node):
            case WorkerLost lost when _workers.Remove(lost.Worker):
                SayAssignment();
                WaitForWorkers();
                break;
            case ItemsReported reported when Admit(reported.Epoch):
                Take(reported);
                break;
            case AssignmentTaken taken when Admit(taken.Epoch):
                Take(taken);
                break;
            case PartSaved saved when Admit(saved.Epoch):
                TakePart(saved.Item, saved.Part, saved.Sha256);
                break;
            case PartFailed failed when Admit(failed.Epoch):
                outbox.Perform(new Effect.Alarm($"{failed.Part} of the checkpoint after item {failed.Item} was not stored: {failed.Reason}", AsksForAction: true));
                TakePart(failed.Item, failed.Part, null);
                break;
            case LanesLate late when Admit(late.Epoch) && _waits.Take(late, Plan):
                outbox.Perform(new Effect.ViewChanged());
                break;
            case Held held when Admit(held.Epoch):
                Take(held);
                break;
            case BadNumbers bad when Admit(bad.Epoch):
                Persist(new JobFact.Failed(bad.Reason));
                break;
            case NodeWrong wrong when Admit(wrong.Epoch):
                Take(wrong);
                break;
            case PartyLost lost when Admit(lost.Epoch) && !_publishing:
                Restart(lost.Reason);
                break;
            case CheckpointUnreadable unreadable when Admit(unreadable.Epoch) && Record.Newest is { } newest:
                outbox.Perform(new Effect.Alarm($"{unreadable.Part} of the checkpoint after item {newest.Item} cannot be read: {unreadable.Reason}"));
                Persist(new JobFact.CheckpointLost(newest.Incarnation, newest.Item, unreadable.Reason));
                break;
            case ModelPublished published when Admit(published.Epoch) && _publishing:
                Persist(new JobFact.Completed(published.WeightsSha256, Progress));
                break;
        }
    }

    /// <summary>Says again what was not acknowledged (P6).</summary>
    public void Tick()
    {
        if (!IsActive)
        {
            return;
        }

        SayAssignment();
        SayHold();
    }

    /// <summary>The fact is stored: folds it, and does what follows.</summary>
    public void Persisted(JobFact fact)
    {
        Record = Record.With(fact);
        switch (fact)
        {
            case JobFact.Submitted:
            case JobFact.Resumed:
            case JobFact.CheckpointLost:
                StartIncarnation();
                break;
            case JobFact.IncarnationStarted:
                _publishing = false;
                _wish = _wish == EdgeWish.BeginAgain ? EdgeWish.None : _wish;
                _workers.BeginAgain();
                _parts.Clear();
                _waits.Clear();
                _lack = _workers.Lack(MinimumWorkers);
                Enter(JobState.Placing);
                outbox.Perform(new Effect.StartRun(Epoch, Record.Newest));
                SayAssignment();
                break;
            case JobFact.CheckpointRecorded recorded:
                _parts.SayRecorded(Epoch, Shape.Shards, recorded.Checkpoint.Item);
                outbox.Perform(new Effect.KeepCheckpoints(id, Record.Recorded));
                FinishIfDone();
                break;
            case JobFact.Paused:
            case JobFact.Completed:
            case JobFact.Failed:
            case JobFact.Cancelled:
                (_wish, _lack) = (EdgeWish.None, "");
                _waits.Clear();
                Enter(Record.State);
                Stop();
                break;
        }
    }

    private void Stop()
    {
        outbox.Perform(new Effect.StopRun(Epoch));
        if (Record.HasEnded)
        {
            outbox.Perform(new Effect.KeepCheckpoints(id, Record.Recorded));
        }
    }

    private bool Admit(Epoch epoch)
    {
        if (epoch == Epoch && IsActive)
        {
            return true;
        }

        if (Epoch.IsNewerThan(epoch))
        {
            outbox.Send(Party.Sender, new StepProtocol.Stale(Epoch));
        }

        return false;
    }

    private void Persist(JobFact fact) => outbox.Perform(new Effect.Persist(fact));

    private void Enter(JobState state)
    {
        if (State != state)
        {
            State = state;
            outbox.Perform(new Effect.StateChanged(state));
        }
    }

    private void StartIncarnation() => Persist(new JobFact.IncarnationStarted(Record.Incarnation + 1, Record.Timeline));

    private void Restart(string reason)
    {
        if (++_startsSinceProgress > MaximumStarts)
        {
            Persist(new JobFact.Failed($"{MaximumStarts} starts in a row committed nothing; the last ended because {reason}"));
            return;
        }

        outbox.Perform(new Effect.Alarm($"incarnation {Record.Incarnation} ends: {reason}"));
        StartIncarnation();
    }

    private void SayAssignment()
    {
        if (IsActive && Record.Incarnation > 0 && !_workers.IsFollowed)
        {
            outbox.Send(Party.Barrier, _workers.Assignment(Epoch, Shape.Lanes, MinimumWorkers));
        }
    }

    /// <summary>P7: with too few workers nobody computes; the run goes on by itself when there are enough.</summary>
    private void WaitForWorkers()
    {
        var lack = _workers.Lack(MinimumWorkers);
        if (!IsActive || _publishing || Record.Incarnation == 0 || lack == _lack)
        {
            return;
        }

        // When there are enough, the state changes once the barrier deals lanes to them.
        _lack = lack;
        if (lack.Length > 0 && State != JobState.Placing)
        {
            Enter(JobState.Placing);
        }
        else if (lack.Length > 0)
        {
            outbox.Perform(new Effect.ViewChanged());
        }
    }

    private void Take(NodeWrong wrong)
    {
        outbox.Send(Party.Barrier, new WrongNodeSeen(Epoch, wrong.Node));
        if (_workers.Avoid(wrong.Node))
        {
            outbox.Perform(new Effect.Alarm($"{wrong.Node} has computed step {wrong.Step} wrongly: it gets no lanes of this job while there is another node", AsksForAction: true));
            SayAssignment();
            WaitForWorkers();
        }
    }

    private void Take(AssignmentTaken taken)
    {
        _workers.Take(taken);
        if (State == JobState.Placing && _workers.IsFollowed && _lack.Length == 0)
        {
            Enter(Progress.Item >= LastTrainingItem ? JobState.Finishing : JobState.Running);
        }
    }

    private void Take(ItemsReported reported)
    {
        var news = _reports.Take(reported.Items, out var seen);
        if (seen is { } item)
        {
            outbox.Send(Party.Barrier, new ReportsSeen(Epoch, item));
        }

        if (!reported.Items.IsEmpty && _waits.Passed(reported.Items[^1].Item))
        {
            outbox.Perform(new Effect.ViewChanged());
        }

        if (news.IsEmpty)
        {
            return;
        }

        _startsSinceProgress = 0;
        outbox.Perform(new Effect.ItemsSeen(news));
        if (State == JobState.Running && Progress.Item >= LastTrainingItem)
        {
            Enter(JobState.Finishing);
        }

        RecordIfWhole();
        FinishIfDone();
    }

    private void TakePart(long item, string part, string? sha256)
    {
        if (_parts.Take(Epoch, Record.Newest, item, part, sha256))
        {
            RecordIfWhole();
        }
    }

    private void RecordIfWhole()
    {
        if (_parts.Whole(Epoch, Shape, Progress) is { } checkpoint)
        {
            Persist(new JobFact.CheckpointRecorded(checkpoint));
        }
    }

    /// <summary>P10: the final weights are those of the final checkpoint, and the job is complete when they are published.</summary>
    private void FinishIfDone()
    {
        if (!_publishing && Progress.Item == Plan.Items - 1 && Record.Newest is { } newest && newest.Item == LastTrainingItem)
        {
            _publishing = true;
            Enter(JobState.Finishing);
            outbox.Perform(new Effect.PublishModel(Epoch, newest));
        }
    }
}
