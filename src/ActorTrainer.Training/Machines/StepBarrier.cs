using System.Collections.Immutable;
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
/// P9: a checkpoint stands only after a training step. It falls due every K steps, at the last step, and at
/// the first step after <see cref="HoldAtEdge"/>; the last two wait for an older one that is not settled
/// and are tried again until they are recorded, while one that is due by the interval is then skipped and
/// counted. A hold needs no new checkpoint where the last step has one already, or none was taken in this
/// incarnation; batches of a validation that stand after it are repeated later.
/// </para>
/// <para>
/// P11: at a norm that is not finite nothing is committed and the job is told; computing the blocks again
/// elsewhere does not exist yet, so the job halts.
/// </para>
/// </remarks>
public sealed class StepBarrier : IDisposable
{
    private readonly TrainingRun _run;
    private readonly ShardLayout _shards;
    private readonly Epoch _epoch;
    private readonly BarrierSettings _settings;
    private readonly IOutbox _outbox;
    private readonly ItemResults _results;
    private readonly LaneStreams _streams;
    private readonly RecentSteps _recent = new();
    private readonly ReportQueue _reports;
    private readonly BarrierCheckpoint _checkpoint;
    private readonly StepDeadline _deadline;
    private readonly bool[] _applied;
    private Phase _phase = Phase.Loading;
    private long _generation = -1;
    private ImmutableArray<LaneOwner> _owners = [];
    private PlanItem _item;
    private Commit? _commit;
    private long _lastTrainingItem = -1;
    private bool _hold;
    private string _bad = "";

    public StepBarrier(TrainingRun run, ShardLayout shards, Epoch epoch, BarrierSettings settings, TensorStore store, IOutbox outbox)
    {
        (_run, _shards, _epoch, _settings, _outbox) = (run, shards, epoch, settings, outbox);
        _results = new ItemResults(run, shards, store);
        _streams = new LaneStreams(run, store);
        _reports = new ReportQueue(epoch, outbox);
        _checkpoint = new BarrierCheckpoint(epoch, shards.Count, settings.TicksPerSecond, outbox);
        _deadline = new StepDeadline(settings.TicksPerSecond);
        _applied = new bool[shards.Count];
    }

    private enum Phase
    {
        Loading,
        Collecting,

        /// <summary>Decided; shards are applying, or the job has not seen the reports.</summary>
        Committed,
        Held,
        Bad,
        Finished,
        Stopped,
    }

    /// <summary>The item that is collected or was committed last.</summary>
    public long Item => _item.Number;

    /// <summary>Checkpoints that fell due while one was not settled (P9).</summary>
    public int CheckpointsSkipped { get; private set; }

    /// <summary>Whether nothing more will be committed.</summary>
    public bool HasEnded => _phase is Phase.Held or Phase.Bad or Phase.Finished or Phase.Stopped;

    /// <summary>Starts at item 0.</summary>
    public void LoadInitial()
    {
        (_phase, _item) = (Phase.Committed, new PlanItem(-1, ItemKind.Validate, 0, 0));
        Array.Fill(_applied, true);
        OpenNext();
    }

    /// <summary>Starts after the item of a checkpoint.</summary>
    /// <param name="part">What the barrier saved then.</param>
    /// <exception cref="InvalidDataException">The part belongs to another run.</exception>
    public void Load(ReadOnlySpan<byte> part)
    {
        var content = Machines.LanesPart.Read(part);
        if (content.Item < 0 || content.Item >= _run.Plan.Items || content.States.Count != _run.Lanes.Lanes)
        {
            throw new InvalidDataException(
                $"the part speaks of item {content.Item} and {content.States.Count} lanes; the run has {_run.Plan.Items} and {_run.Lanes.Lanes}");
        }

        (_phase, _item) = (Phase.Committed, _run.Plan[content.Item]);
        _lastTrainingItem = content.Item;
        _checkpoint.StartFrom(content.Item);
        _recent.Load(content.Recent);
        _streams.Load(content.States);
        Array.Fill(_applied, true);
        OpenNext();
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
            case Applied applied when Admit(applied.Epoch):
                Take(applied);
                break;
            case AskLaneStates ask when Admit(ask.Epoch):
                Answer(ask);
                break;
            case Assign assign when Admit(assign.Epoch):
                Take(assign);
                break;
            case ReportsSeen seen when Admit(seen.Epoch):
                _reports.Seen(seen.Item);
                OpenNextIfApplied();
                break;
            case HoldAtEdge hold when Admit(hold.Epoch):
                _hold = true;
                HoldHereIfPossible();
                break;
            case CheckpointSettled settled when Admit(settled.Epoch):
                Take(settled);
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
        if (_phase is Phase.Loading or Phase.Stopped)
        {
            return;
        }

        _reports.Say();
        _checkpoint.Tick(_lastTrainingItem, LanesPart);
        SayCommit();
        switch (_phase)
        {
            case Phase.Collecting:
                RemindOwners();
                if (_deadline.Tick() && !_results.HasAllLanes)
                {
                    _outbox.Send(Party.Job, new LanesLate(_epoch, _item.Number, _results.MissingLanes()));
                }

                DecideIfComplete();
                break;
            case Phase.Held:
                _outbox.Send(Party.Job, new Held(_epoch, _checkpoint.Item));
                break;
            case Phase.Bad:
                _outbox.Send(Party.Job, new BadNumbers(_epoch, _item.Number, _bad));
                break;
        }
    }

    /// <summary>Releases every tensor.</summary>
    public void Dispose()
    {
        _phase = Phase.Stopped;
        _results.Release();
        _streams.Release();
    }

    private bool Admit(Epoch epoch)
    {
        if (_phase == Phase.Stopped)
        {
            return false;
        }

        if (epoch == _epoch)
        {
            return _phase != Phase.Loading;
        }

        if (epoch.IsNewerThan(_epoch))
        {
            _phase = Phase.Stopped;
            _outbox.Perform(new Effect.StopSelf(epoch));
        }
        else if (_epoch.IsNewerThan(epoch))
        {
            _outbox.Send(Party.Sender, new Stale(_epoch));
        }

        return false;
    }

    private void Take(LanesReported reported)
    {
        if (reported.Generation < _generation && _phase == Phase.Collecting)
        {
            Deal(reported.Worker);
        }

        if (_phase == Phase.Committed && reported.Item == _item.Number + 1)
        {
            // Whoever computed the next item had the version that all shards published after this one.
            Array.Fill(_applied, true);
            OpenNextIfApplied();
        }

        if (reported.Item < _item.Number || (reported.Item == _item.Number && _phase != Phase.Collecting))
        {
            SayCommitted(reported.Worker);
            return;
        }

        if (reported.Item != _item.Number || _phase != Phase.Collecting)
        {
            return;
        }

        foreach (var lane in reported.Lanes)
        {
            _results.Take(lane);
        }

        DecideIfComplete();
    }

    private void Take(ShardWhole whole)
    {
        if (whole.Item != _item.Number)
        {
            return;
        }

        if (_phase == Phase.Collecting)
        {
            _results.Take(whole);
            DecideIfComplete();
        }
        else if (_commit is not null && _commit.Item == whole.Item)
        {
            _outbox.Send(Party.Shard(whole.Shard), _commit);
        }
    }

    private void Take(Applied applied)
    {
        if (applied.Item == _item.Number && applied.Shard >= 0 && applied.Shard < _applied.Length && _phase == Phase.Committed)
        {
            _applied[applied.Shard] = true;
            OpenNextIfApplied();
        }
    }

    private void Take(Assign assign)
    {
        if (assign.Generation > _generation)
        {
            (_generation, _owners) = (assign.Generation, assign.Owners);
            if (_phase == Phase.Collecting)
            {
                foreach (var owner in _owners)
                {
                    Deal(owner.Worker);
                }
            }
        }

        _outbox.Send(Party.Job, new AssignmentTaken(_epoch, _generation));
    }

    private void Take(CheckpointSettled settled)
    {
        var isLast = settled.Item == _run.Plan.ItemOfStep(_run.Plan.Steps - 1);
        _checkpoint.Handle(settled, must: _hold || isLast);
        DecideIfComplete();
    }

    private void Answer(AskLaneStates ask)
    {
        var next = _phase == Phase.Collecting ? _item.Number : _item.Number + 1;
        if (_phase is Phase.Held or Phase.Bad || ask.Item > next)
        {
            return;
        }

        if (next >= _run.Plan.Items)
        {
            SayCommitted(ask.Worker);
            return;
        }

        foreach (var page in ask.Lanes.Chunk(LanesPerMessage))
        {
            var states = page.Where(lane => lane >= 0 && lane < _run.Lanes.Lanes)
                .Select(lane => new LaneState(lane, _streams.Entering(_run.Plan[next], lane)));
            _outbox.Send(Party.Worker(ask.Worker), new LaneStates(_epoch, next, [.. states]));
        }
    }

    private void SayCommitted(WorkerId worker)
    {
        var committed = _phase == Phase.Collecting ? _item.Number - 1 : _item.Number;
        if (committed >= 0 && _phase != Phase.Bad)
        {
            _outbox.Send(Party.Worker(worker), new ItemCommitted(_epoch, committed));
        }
    }

    private void Deal(WorkerId worker)
    {
        var owner = _owners.FirstOrDefault(owner => owner.Worker == worker);
        _outbox.Send(Party.Worker(worker), new AssignLanes(_epoch, _generation, _item.Number, owner?.Lanes ?? []));
    }

    /// <summary>
    /// Tells the owners of missing lanes again what is theirs, and from which item on. While a shard's tree is
    /// not whole, that is every owner: a lane that was reported may have been offered to some shards only
    /// by a worker that is gone, and its new owner may not know yet.
    /// </summary>
    private void RemindOwners()
    {
        foreach (var owner in _owners)
        {
            if (owner.Lanes.Any(lane => _results.MissesShards || _results.Misses(lane)))
            {
                Deal(owner.Worker);
            }
        }
    }

    private void SayCommit()
    {
        if (_commit is null || _phase != Phase.Committed)
        {
            return;
        }

        for (var shard = 0; shard < _applied.Length; shard++)
        {
            if (!_applied[shard])
            {
                _outbox.Send(Party.Shard(shard), _commit);
            }
        }
    }

    private ReadOnlyMemory<byte> LanesPart() => new LanesPart(_lastTrainingItem, _recent.Last, _streams.Training).ToBytes();

    private void DecideIfComplete()
    {
        if (_phase != Phase.Collecting || !_results.IsComplete)
        {
            return;
        }

        if (_item.IsTraining)
        {
            DecideStep();
        }
        else
        {
            Commit(_results.Sums(), norm: 0, learningRate: 0);
            OpenNextIfApplied();
        }
    }

    private void DecideStep()
    {
        var squares = NormBlocks.Total(_results.Squares(), _shards.BlockCount);
        if (!double.IsFinite(squares))
        {
            _phase = Phase.Bad;
            _bad = $"the gradient of step {_item.VersionAfter} is not finite";
            _outbox.Send(Party.Job, new BadNumbers(_epoch, _item.Number, _bad));
            return;
        }

        var isLast = _item.VersionAfter == _run.Plan.Steps;
        var isDue = isLast || _hold || _item.VersionAfter % _settings.CheckpointInterval == 0;
        if (isDue && _checkpoint.IsSaving)
        {
            if (isLast || _hold)
            {
                // Decided again when the older one is settled.
                return;
            }

            isDue = false;
            CheckpointsSkipped++;
        }

        var sums = _results.Sums();
        var decision = CommitDecision.Of(squares, sums, _run.Recipe.Training.ClipNorm);
        var learningRate = _run.LearningRate(_item.Step);
        _commit = new Commit(_epoch, _item.Number, decision.Factor, (float)learningRate, isDue);
        Array.Clear(_applied);
        _lastTrainingItem = _item.Number;
        Commit(sums, decision.Norm, learningRate);
        SayCommit();
        if (isDue)
        {
            _checkpoint.Begin(_commit, LanesPart);
        }
    }

    /// <summary>The item counts from here on: its states are the streams', its sums the job's, its offers may go.</summary>
    private void Commit(LossSums sums, double norm, double learningRate)
    {
        _phase = Phase.Committed;
        _streams.Commit(_item, _results);
        var recent = _item.IsTraining ? _recent.Step(sums) : _recent.Batch(sums, _item.ValidationBatch == 0);
        _reports.Add(new ItemReport(
            _item.Number, _item.IsTraining, _item.VersionAfter, sums, recent, norm, learningRate, _run.Plan.EndsValidation(_item)));
        foreach (var owner in _owners)
        {
            SayCommitted(owner.Worker);
        }
    }

    private void OpenNextIfApplied()
    {
        if (_phase == Phase.Committed && !_reports.IsFull && !_applied.Contains(false))
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
            _phase = Phase.Finished;
            return;
        }

        _deadline.Begin(measure: _item.Number >= 0);
        _item = _run.Plan[_item.Number + 1];
        _phase = Phase.Collecting;
        _results.Begin(_item);
    }

    /// <summary>Whether a hold was asked for and the run can go back to where the last checkpoint stands without losing a step.</summary>
    private bool HoldHereIfPossible()
    {
        var isSettled = _phase == Phase.Collecting || (_phase == Phase.Committed && !_applied.Contains(false));
        if (!_hold || !isSettled || _checkpoint.Item != _lastTrainingItem)
        {
            return false;
        }

        _phase = Phase.Held;
        _results.Release();
        _outbox.Send(Party.Job, new Held(_epoch, _checkpoint.Item));
        return true;
    }
}
