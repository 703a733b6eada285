using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// Decides each item once, for all shards (P4). Collecting(i) → Committed(i) → Collecting(i+1) …, and
/// Held, Bad or Finished at the end. Volatile: with it ends the incarnation (P8).
/// </summary>
/// <remarks>
/// <para>
/// Training and validation are treated alike (P14); a validation batch has no shards to wait for and
/// nothing to apply. The next training step opens when every shard has applied the last. A report for
/// the next item is as good as their word: no worker starts an item before every shard has published
/// the version it reads.
/// </para>
/// <para>
/// P9: a checkpoint stands only after a training step. It falls due at every multiple of the cadence, at the last
/// step, and at the first step after <see cref="HoldAtEdge"/>; the last two are tried again until they are recorded.
/// A step whose commit would carry one, or would be one more than the interval beyond the last that is settled, is
/// computed, and committed when the one that is being saved is settled: so much a crash can cost, and no more.
/// A hold needs no new checkpoint where the last step has one already, or none was taken in this incarnation;
/// batches of a validation that stand after it are repeated later.
/// </para>
/// <para>
/// P11: at a norm that is not finite nothing is committed. The step is computed again, elsewhere where there are
/// several nodes; when that changes nothing the job is told, and halts.
/// </para>
/// </remarks>
public sealed class StepBarrier : IDisposable
{
    private readonly TrainingRun _run;
    private readonly ShardLayout _shards;
    private readonly Epoch _epoch;
    private readonly IOutbox _outbox;
    private readonly ItemResults _results;
    private readonly CommittedItems _committed;
    private readonly BarrierCheckpoint _checkpoint;
    private readonly Stragglers _stragglers;
    private readonly IncarnationFence _fence;
    private readonly LaneOwners _owners;
    private readonly CommitOrder _order;
    private readonly NumberFaults _faults;
    private BarrierPhase _phase = BarrierPhase.Loading;
    private PlanItem _item;
    private bool _hold;

    public StepBarrier(TrainingRun run, ShardLayout shards, Epoch epoch, BarrierSettings settings, TensorStore store, IOutbox outbox)
    {
        (_run, _shards, _epoch, _outbox) = (run, shards, epoch, outbox);
        _results = new ItemResults(run, shards, store);
        _committed = new CommittedItems(run, epoch, store, outbox);
        _checkpoint = new BarrierCheckpoint(epoch, shards.Count, settings, outbox);
        _faults = new NumberFaults(epoch, outbox);
        _stragglers = new Stragglers(epoch, settings, outbox);
        _fence = new IncarnationFence(epoch, outbox);
        _owners = new LaneOwners(epoch, outbox);
        _order = new CommitOrder(shards.Count, outbox);
    }

    /// <summary>The item that is collected or was committed last.</summary>
    public long Item => _item.Number;

    /// <summary>How often a late owner's lanes were given to a second worker too (P7).</summary>
    public int LanesCopied => _stragglers.Copies;

    /// <summary>Whether nothing more will be committed.</summary>
    public bool HasEnded => _fence.IsClosed || _phase is BarrierPhase.Held or BarrierPhase.Bad or BarrierPhase.Finished;

    /// <summary>Starts at item 0.</summary>
    public void LoadInitial()
    {
        (_phase, _item) = (BarrierPhase.Committed, new PlanItem(-1, ItemKind.Validate, 0, 0));
        OpenNext();
    }

    /// <summary>Starts after the item of a checkpoint.</summary>
    /// <param name="part">What the barrier saved then.</param>
    /// <exception cref="InvalidDataException">The part belongs to another run.</exception>
    public void Load(ReadOnlySpan<byte> part)
    {
        _committed.Load(part);
        (_phase, _item) = (BarrierPhase.Committed, _run.Plan[_committed.LastTrainingItem]);
        _checkpoint.StartFrom(_item.Number, _item.VersionAfter);
        OpenNext();
    }

    /// <summary>
    /// Whether tensors that a message names would be used if they were here now; without effect. Whoever
    /// brings messages from other processes asks before the tensors are fetched.
    /// </summary>
    public bool Wants(object message)
    {
        if (message is not LanesReported reported || reported.Epoch != _epoch || _fence.IsClosed || reported.Attempt != _owners.Attempt)
        {
            return false;
        }

        // A report for the next item opens that item, unless the barrier waits for something else.
        return _phase == BarrierPhase.Collecting ? reported.Item == _item.Number && reported.Lanes.Any(_results.WantsState)
            : _phase == BarrierPhase.Committed && reported.Item == _item.Number + 1 && !_committed.IsFull && !MayHold
                && reported.Lanes.Any(lane => lane.State is not null);
    }

    /// <summary>Handles one message; what is not a barrier's is ignored.</summary>
    public void Handle(object message)
    {
        switch (message)
        {
            case LanesReported reported when Admit(reported.Epoch):
                Take(reported);
                break;
            case ShardWhole whole when Admit(whole.Epoch):
                Take(whole);
                break;
            case Applied applied when Admit(applied.Epoch) && applied.Item == _item.Number && _phase == BarrierPhase.Committed:
                _order.Take(applied);
                OpenNextIfApplied();
                break;
            case AskLaneStates ask when Admit(ask.Epoch):
                Answer(ask);
                break;
            case ShardMisses misses when Admit(misses.Epoch) && misses.Item == _item.Number && misses.Attempt == _owners.Attempt:
                _stragglers.Take(misses);
                break;
            case Assign assign when Admit(assign.Epoch) && _owners.Follow(assign, _phase == BarrierPhase.Collecting ? _item.Number : null):
                _stragglers.Deal(_owners.Owners);
                break;
            case ReportsSeen seen when Admit(seen.Epoch):
                _committed.Seen(seen.Item);
                OpenNextIfApplied();
                break;
            case HoldAtEdge hold when Admit(hold.Epoch):
                _hold = true;
                HoldHereIfPossible();
                break;
            case CheckpointSettled settled when Admit(settled.Epoch):
                _checkpoint.Handle(settled, must: _hold || settled.Item == _run.Plan.ItemOfStep(_run.Plan.Steps - 1));
                DecideIfComplete();
                break;
            case ResultsNotFinite results when Admit(results.Epoch):
                _faults.Take(results);
                break;
            case WrongNodeSeen seen when Admit(seen.Epoch):
                _faults.Take(seen);
                break;
            case PartStored stored:
                _checkpoint.Handle(stored);
                break;
            case PartNotStored failed:
                _checkpoint.Handle(failed);
                break;
            case Stale stale:
                Admit(stale.Current);
                break;
        }
    }

    /// <summary>Says again what was not acknowledged, and asks again for what is missing (P6).</summary>
    public void Tick()
    {
        if (_phase == BarrierPhase.Loading || _fence.IsClosed)
        {
            return;
        }

        _committed.Say();
        _faults.Tick();
        _checkpoint.Tick(_committed.LastTrainingItem, _committed.ToPart);
        _order.Tick();
        switch (_phase)
        {
            case BarrierPhase.Collecting:
                _owners.Remind(_item.Number, _results);
                _stragglers.Tick(_item, _owners.Attempt, _results);
                DecideIfComplete();
                break;
            case BarrierPhase.Committed:
                _stragglers.TickCommitted(_item.Number + 1, _order.WaitsFor);
                break;
            case BarrierPhase.Held:
                _outbox.Send(Party.Job, new Held(_epoch, _checkpoint.Item));
                break;
            case BarrierPhase.Bad:
                _faults.SayBadNumbers(_item.Number);
                break;
        }
    }

    /// <summary>Releases every tensor.</summary>
    public void Dispose()
    {
        _fence.Close();
        _results.Release();
        _committed.Release();
    }

    /// <summary>Whether a hold was asked for, and a checkpoint stands where the run is.</summary>
    private bool MayHold => _hold && _checkpoint.Item == _committed.LastTrainingItem;

    private bool Admit(Epoch epoch) => _fence.Admit(epoch) && _phase != BarrierPhase.Loading;

    private void Take(LanesReported reported)
    {
        if (_owners.AreNewerThan(reported) && _phase == BarrierPhase.Collecting)
        {
            _owners.Deal(reported.Worker, _item.Number);
        }

        if (_phase == BarrierPhase.Committed && reported.Item == _item.Number + 1)
        {
            // Whoever computed the next item had the version that all shards published after this one.
            _order.TakeAll();
            OpenNextIfApplied();
        }

        if (reported.Item < _item.Number || (reported.Item == _item.Number && _phase != BarrierPhase.Collecting))
        {
            SayCommitted(reported.Worker);
            return;
        }

        if (reported.Item != _item.Number || reported.Attempt != _owners.Attempt)
        {
            return;
        }

        foreach (var lane in reported.Lanes)
        {
            _results.Take(lane);
        }

        _stragglers.Reported(reported.Worker, _results);
        DecideIfComplete();
    }

    private void Take(ShardWhole whole)
    {
        if (whole.Item != _item.Number || whole.Attempt != _owners.Attempt)
        {
            return;
        }

        if (_phase == BarrierPhase.Collecting)
        {
            _results.Take(whole);
            DecideIfComplete();
        }
        else
        {
            _order.Answer(whole);
        }
    }

    private void Answer(AskLaneStates ask)
    {
        var next = _phase == BarrierPhase.Collecting ? _item.Number : _item.Number + 1;
        if (_phase is BarrierPhase.Held or BarrierPhase.Bad || ask.Item > next)
        {
            return;
        }

        if (next >= _run.Plan.Items)
        {
            SayCommitted(ask.Worker);
            return;
        }

        _committed.Answer(ask, _run.Plan[next], _owners.Attempt);
    }

    private void SayCommitted(WorkerId worker)
    {
        var committed = _phase == BarrierPhase.Collecting ? _item.Number - 1 : _item.Number;
        if (committed >= 0 && _phase != BarrierPhase.Bad)
        {
            _outbox.Send(Party.Worker(worker), new ItemCommitted(_epoch, committed, _owners.Attempt));
        }
    }

    private void DecideIfComplete()
    {
        if (_phase != BarrierPhase.Collecting || !_results.IsComplete)
        {
            return;
        }

        if (_item.IsTraining)
        {
            DecideStep();
            return;
        }

        Commit(_results.Sums(), norm: 0, learningRate: 0);
        OpenNextIfApplied();
    }

    private void DecideStep()
    {
        NormSubtree[] subtrees = [.. _results.Squares()];
        var squares = NormBlocks.Total(subtrees, _shards.BlockCount);
        switch (_faults.Judge(_item, subtrees, squares))
        {
            case FiniteNorm.Verdict.Again:
                _results.Begin(_item);
                _owners.DealAgain(_item.Number);
                _stragglers.Deal(_owners.Owners);
                return;
            case FiniteNorm.Verdict.GivenUp:
                _phase = BarrierPhase.Bad;
                _faults.SayBadNumbers(_item.Number);
                return;
        }

        var must = _hold || _item.VersionAfter == _run.Plan.Steps;
        if (_checkpoint.IsDue(_item.VersionAfter, must) is not { } checkpoint)
        {
            // Decided again when the older one is settled.
            _stragglers.WaitForCheckpoint(_checkpoint.Step);
            return;
        }

        var sums = _results.Sums();
        var decision = CommitDecision.Of(squares, sums, _run.Recipe.Training.ClipNorm);
        var learningRate = _run.LearningRate(_item.Step);
        Commit(sums, decision.Norm, learningRate);
        var commit = new Commit(_epoch, _item.Number, decision.Factor, (float)learningRate, checkpoint);
        _order.Begin(commit);
        if (checkpoint)
        {
            _checkpoint.Begin(commit, _item.VersionAfter, _committed.ToPart);
        }
    }

    /// <summary>The item counts from here on, and its offers may go.</summary>
    private void Commit(LossSums sums, double norm, double learningRate)
    {
        _phase = BarrierPhase.Committed;
        _stragglers.Committed();
        _committed.Add(_item, _results, sums, norm, learningRate);
        if (_item.IsTraining)
        {
            // The version that the step makes says so to every worker that computes.
            return;
        }

        foreach (var worker in _owners.Workers)
        {
            SayCommitted(worker);
        }
    }

    private void OpenNextIfApplied()
    {
        if (_phase == BarrierPhase.Committed && !_committed.IsFull && _order.IsApplied)
        {
            OpenNext();
        }
    }

    private void OpenNext()
    {
        if (HoldHereIfPossible())
        {
            return;
        }

        if (_item.Number + 1 >= _run.Plan.Items)
        {
            _phase = BarrierPhase.Finished;
            return;
        }

        _item = _run.Plan[_item.Number + 1];
        _phase = BarrierPhase.Collecting;
        _results.Begin(_item);
        _stragglers.Begin(_item);
    }

    /// <summary>Whether a hold was asked for and the run can go back to where the last checkpoint stands without losing a step.</summary>
    private bool HoldHereIfPossible()
    {
        var isSettled = _phase == BarrierPhase.Collecting || (_phase == BarrierPhase.Committed && _order.IsApplied);
        if (!isSettled || !MayHold)
        {
            return false;
        }

        _phase = BarrierPhase.Held;
        _results.Release();
        _outbox.Send(Party.Job, new Held(_epoch, _checkpoint.Item));
        return true;
    }
}
