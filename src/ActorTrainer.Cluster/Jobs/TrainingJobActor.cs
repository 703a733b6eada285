using System.Collections.Immutable;
using System.Diagnostics;
using ActorTrainer.Cluster.Runs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>
/// One job from its submission to its end: the shell of <see cref="TrainingJob"/>. Its journal holds the
/// job's facts, but for the submission, which the registry stored together with its request id.
/// </summary>
internal sealed class TrainingJobActor : ReceivePersistentActor, IWithTimers, IOutbox
{
    /// <summary>Incarnations follow each other ever more slowly while none gets anywhere.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Tries to get the data from other nodes, five seconds apart, before the job fails.</summary>
    private const int MaximumOpenings = 120;

    private readonly JobFact.Submitted _submitted;
    private readonly RunServices _services;
    private readonly TrainingJob _core;
    private readonly JobRun _run;
    private readonly JobWatchers _watchers;
    private readonly JobWaiters _waiters;
    private readonly SequenceRate _rate = new();
    private readonly JobModel _model;
    private TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private string _lastFailure = "";
    private JobView? _reported;
    private int _ticks;
    private int _openings;
    private long _atWork;
    private IActorRef? _drainer;

    public TrainingJobActor(JobFact.Submitted submitted, RunServices services)
    {
        (_submitted, _services) = (submitted, services);
        _core = new TrainingJob(submitted.Job, this);
        _core.Recover(submitted);
        _run = new JobRun(Context, submitted, services);
        _model = new JobModel(Context, submitted, services, _core, _run);
        _watchers = new JobWatchers(Context);
        _waiters = new JobWaiters(Self);

        Recover<JobFact>(_core.Recover);
        Recover<RecoveryCompleted>(_ => _core.Recovered());
        CommandRequests();
        CommandRun();
        CommandNodes();
        CommandAny(_core.Handle);
    }

    public override string PersistenceId => $"job/{_submitted.Job}";

    public ITimerScheduler Timers { get; set; } = null!;

    private JobView View => new(
        _submitted.Job,
        _submitted.Spec,
        _submitted.RecipeSha256,
        _submitted.ArithmeticVersion,
        _core.State,
        Sentence.Of(_core.Reason),
        _submitted.At,
        _core.Progress.Step,
        _core.Record.Newest?.Step ?? 0,
        _core.Progress.TrainingLoss,
        _core.Progress.ValidationLoss,
        _core.Progress.ValidationAccuracy,
        _core.Progress.ValidationExact,
        _core.Record.WeightsSha256,
        _submitted.Shape.Parameters,
        _submitted.Shape.Steps)
    {
        Waits = _run.Waits is { IsEmpty: false } starting ? starting
            : _core.Waits.Any(wait => wait.Shard is not null) ? [.. _core.Waits.Select(Placed)] : _core.Waits,
    };

    public static Props Props(JobFact.Submitted submitted, RunServices services) =>
        Akka.Actor.Props.Create(() => new TrainingJobActor(submitted, services));

    void IOutbox.Send(Party to, object message)
    {
        var place = to.Kind switch
        {
            PartyKind.Sender => Sender,
            PartyKind.Barrier => _run.Barrier,
            PartyKind.Shard => _run.Shard(to.Index),
            _ => null,
        };
        place?.Tell(message, Self);
    }

    void IOutbox.Perform(Effect effect)
    {
        switch (effect)
        {
            case Effect.Persist persist:
                Persist(persist.Fact, stored =>
                {
                    _core.Persisted(stored);
                    Recorded(stored);
                });
                break;
            case Effect.StartRun start:
                // From here the steps are counted that a crash has cost.
                Context.GetLogger().Info(
                    "Job {0}: incarnation {1} starts after step {2}", _submitted.Job, start.Epoch.Incarnation, start.From?.Step ?? 0);
                _run.Start(start.Epoch, start.From);
                break;
            case Effect.StopRun:
                // The core hears of it later: it is still at work.
                Self.Tell(new WorkersLeft(_run.Stop()));
                TellDrained();
                break;
            case Effect.PublishModel publish:
                _model.Publish(publish.Final);
                break;
            case Effect.KeepCheckpoints keep:
                var database = _services.Database;
                Task.Run(() => CheckpointCatalog.Keep(database, keep.Job, keep.Kept)).PipeTo(Self, success: deleted => new PartsDeleted(deleted));
                break;
            case Effect.ItemsSeen seen:
                Tell(seen.Items);
                break;
            case Effect.StateChanged:
                StateChanged();
                break;
            case Effect.ViewChanged:
                _watchers.TellState(View, hasEnded: false);
                Report();
                break;
            case Effect.Alarm alarm:
                JobAlarm.Log(Context.GetLogger(), _submitted.Job, alarm);
                break;
        }
    }

    protected override void PreStart()
    {
        base.PreStart();
        Tick.Start(Timers);
    }

    protected override void PostStop()
    {
        _model.Dispose();
        base.PostStop();
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        cause =>
        {
            // P8: what breaks ends the incarnation; nothing of it is restarted by itself.
            _lastFailure = cause.GetBaseException().Message;
            Context.GetLogger().Warning(cause, "Job {0}: a part of its run broke", _submitted.Job);
            return Directive.Stop;
        },
        loggingEnabled: false);

    private void CommandRequests()
    {
        Command<GetJob>(_ => Sender.Tell(View));
        Command<Watch>(watch => _watchers.Add(watch, View, _core.Record.HasEnded));
        Command<Pause>(_ => _waiters.Add(Sender, _core.Pause(), state => state is JobState.Paused || IsEnd(state), () => View));
        Command<Resume>(_ => _waiters.Add(Sender, _core.Resume(), state => state is not JobState.Paused, () => View));
        Command<Cancel>(_ => _waiters.Add(Sender, _core.Cancel(), IsEnd, () => View));
        Command<GetModel>(_model.Tell);
        Command<ModelAssemblerActor.Assembled>(_model.Take);
        Command<ModelAssemblerActor.NotAssembled>(failed => _model.Take(failed, Timers));
        Command<JobModel.PublishAgain>(_ => _model.TryAgain());
        Command<JobModel.Read>(_model.Take);
        Command<JobModel.Unread>(unread => unread.Asker.Tell(new Refused(unread.Reason)));
        Command<ModelOffers.Ended>(_model.Take);
    }

    private void CommandRun()
    {
        Command<JobRun.Opened>(opened =>
        {
            _openings = 0;
            _run.Take(opened);
            _core.Tick();
        });
        Command<JobRun.Unopened>(Take);
        Command<OpenAgain>(again => _run.Open(again.Epoch));
        Command<RunProtocol.ShardsHeld>(held =>
        {
            _run.Take(held);
            _core.Tick();
        });
        Command<RunProtocol.ShardsRefused>(refused => Take(_run.Take(refused)));
        Command<RunProtocol.NodeJoined>(joined => Take(_run.Take(joined)));
        Command<RunProtocol.NodeRefused>(_run.Take);
        Command<JobProtocol.ItemsReported>(reported =>
        {
            LogIfFirst(reported);
            _core.Handle(reported);
        });
        Command<WorkersLeft>(left => Tell(left.Workers.Select(worker => new JobProtocol.WorkerLost(worker))));
        Command<Terminated>(ended =>
        {
            if (!_watchers.Remove(ended.ActorRef) && _run.Ended(ended.ActorRef, _lastFailure) is { } change)
            {
                Take(change);
            }
        });
        Command<PartsDeleted>(_ => { });
        Command<Status.Failure>(failure => Context.GetLogger().Warning("Job {0}: old checkpoints stay: {1}", _submitted.Job, failure.Cause.GetBaseException().Message));
        Command<Tick>(_ =>
        {
            _core.Tick();
            if (++_ticks % Tick.PerSecond == 0)
            {
                _run.Tick();
                Report();
            }
        });
    }

    private void CommandNodes()
    {
        Command<ClusterWatchActor.NodesUp>(up => Take(_run.Take(up)));
        Command<ClusterWatchActor.LinkLost>(lost => Take(_run.Take(lost)));
        Command<RunProtocol.NodeLeaves>(leaves =>
        {
            // Its workers compute until its shards have left their checkpoint.
            if (_run.Avoid(leaves.Node))
            {
                _core.Drain(beginAgain: leaves.Node != _services.Node);
                return;
            }

            Take(_run.Leave(leaves.Node));
            if (!_run.IsStarted || _core.IsAssigned)
            {
                Sender.Tell(new RunProtocol.NodeReleased(_submitted.Job));
            }
        });
        Command<Drain>(_ =>
        {
            _drainer = Sender;
            _core.Drain(beginAgain: false);
            if (!_run.IsStarted)
            {
                TellDrained();
            }
        });
    }

    /// <summary>A crash is over when a step is completed again, be it one that watchers have seen before.</summary>
    private void LogIfFirst(JobProtocol.ItemsReported reported)
    {
        if (reported.Epoch == _core.Epoch && _atWork != reported.Epoch.Incarnation && !reported.Items.IsEmpty)
        {
            _atWork = reported.Epoch.Incarnation;
            Context.GetLogger().Info("Job {0}: incarnation {1} has completed step {2}", _submitted.Job, _atWork, reported.Items[0].Step);
        }
    }

    private void TellDrained()
    {
        _drainer?.Tell(new Drained(_submitted.Job));
        _drainer = null;
    }

    private void Take(JobRun.Unopened unopened)
    {
        if (!_run.IsOf(unopened.Epoch))
        {
            return;
        }

        if (unopened.Cause is DataNotFoundException && ++_openings < MaximumOpenings)
        {
            // Whoever has it may be on its way back.
            Context.GetLogger().Warning("Job {0}: {1}; it is tried again", _submitted.Job, unopened.Cause.Message);
            Timers.StartSingleTimer(nameof(OpenAgain), new OpenAgain(unopened.Epoch), TimeSpan.FromSeconds(5));
        }
        else
        {
            _core.Fail(unopened.Cause.Message);
        }
    }

    private void Take(JobRun.Change change)
    {
        Tell(change.Joined);
        Tell(change.Lost.Select(worker => new JobProtocol.WorkerLost(worker)));
        if (change.BrokenBecause is { } reason)
        {
            Timers.StartSingleTimer(nameof(JobProtocol.PartyLost), new JobProtocol.PartyLost(_core.Epoch, reason), _pause);
            _pause = new TimeSpan(Math.Min(2 * _pause.Ticks, LongestPause.Ticks));
        }
    }

    /// <summary>The core does not know where its shards are.</summary>
    private JobWait Placed(JobWait wait) => wait.Shard is { } shard ? wait with { Node = _run.NodeOfShard(shard) } : wait;

    private static bool IsEnd(JobState state) => state is JobState.Completed or JobState.Failed or JobState.Cancelled;

    private void Tell(IEnumerable<object> messages)
    {
        foreach (var message in messages)
        {
            _core.Handle(message);
        }
    }

    private void Recorded(JobFact fact)
    {
        if (fact is JobFact.CheckpointRecorded recorded)
        {
            _watchers.Tell(new JobEvent.CheckpointRecorded(
                JobSequence.OfCheckpoint(_core.Epoch.Timeline, _core.Progress.Item), recorded.Checkpoint.Step));
        }
    }

    private void StateChanged()
    {
        var view = View;
        var because = view.Reason.Length == 0 ? "" : $": {view.Reason}";
        Context.GetLogger().Info("Job {0} is {1} at step {2}{3}", view.Job, view.State.ToString().ToLowerInvariant(), view.StepsDone, because);
        _watchers.TellState(view, _core.Record.HasEnded);

        // First: who is answered below and then lists the jobs must find this state.
        Report();
        _waiters.Tell(view);
    }

    /// <summary>Tells the registry, which lists jobs without asking them.</summary>
    private void Report()
    {
        var view = View;
        if (view != _reported)
        {
            _reported = view;
            Context.Parent.Tell(new Reported(view, _core.Record.HasEnded));
        }
    }

    private void Tell(ImmutableArray<JobProtocol.ItemReport> items)
    {
        _pause = TimeSpan.FromMilliseconds(50);
        foreach (var item in items)
        {
            var sequence = JobSequence.OfItem(_core.Epoch.Timeline, item.Item);
            if (item.Training)
            {
                var rate = _rate.Add(item.Sums.Sequences, Stopwatch.GetElapsedTime(0));
                _watchers.Tell(new JobEvent.StepCommitted(
                    sequence, item.Step, Mean(item.Sums.Loss, item.Sums.Weight), item.Norm, item.LearningRate, rate));
            }
            else if (item.EndsValidation)
            {
                _watchers.Tell(new JobEvent.ValidationCommitted(
                    sequence,
                    item.Step,
                    Mean(item.Recent.Loss, item.Recent.Weight),
                    Mean(item.Recent.Correct, item.Recent.Targets),
                    Mean(item.Recent.ExactSequences, item.Recent.Sequences)));
            }
        }
    }

    private static double Mean(double sum, double weight) => weight == 0 ? 0 : sum / weight;

    /// <summary>To the registry: the job as it is now.</summary>
    public sealed record Reported(JobView View, bool HasEnded);

    private sealed record WorkersLeft(ImmutableArray<WorkerId> Workers);

    private sealed record PartsDeleted(int Count);

    private sealed record OpenAgain(Epoch Epoch);

    /// <summary>From the registry, which is about to stop (P12): rest at the next edge. Reply: <see cref="Drained"/>.</summary>
    public sealed record Drain;

    public sealed record Drained(JobId Job);
}
