using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ActorTrainer.Cluster.Runs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Models;
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

    private readonly JobFact.Submitted _submitted;
    private readonly RunServices _services;
    private readonly TrainingJob _core;
    private readonly JobRun _run;
    private readonly JobWatchers _watchers;
    private readonly JobWaiters _waiters;
    private readonly SequenceRate _rate = new();
    private readonly Queue<IActorRef> _modelAskers = new();
    private TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private string _lastFailure = "";
    private JobView? _reported;
    private int _ticks;
    private int _publications;

    /// <param name="node">The node's door; null where this process computes nothing.</param>
    public TrainingJobActor(JobFact.Submitted submitted, IActorRef? node, RunServices services)
    {
        (_submitted, _services) = (submitted, services);
        _core = new TrainingJob(submitted.Job, this);
        _core.Recover(submitted);
        _run = new JobRun(Context, submitted, node, services);
        _watchers = new JobWatchers(Context);
        _waiters = new JobWaiters(Self);

        Recover<JobFact>(_core.Recover);
        Recover<RecoveryCompleted>(_ => Recovered(node));
        CommandRequests();
        CommandRun();
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
        Waits = _core.Waits,
    };

    public static Props Props(JobFact.Submitted submitted, IActorRef? node, RunServices services) =>
        Akka.Actor.Props.Create(() => new TrainingJobActor(submitted, node, services));

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
                _run.Start(start.Epoch, start.From);
                break;
            case Effect.StopRun:
                // The core hears of it later: it is still at work.
                Self.Tell(new WorkersLeft(_run.Stop()));
                break;
            case Effect.PublishModel publish:
                Publish(publish.Final);
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

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        cause =>
        {
            // P8: what breaks ends the incarnation; nothing of it is restarted by itself.
            _lastFailure = cause.GetBaseException().Message;
            Context.GetLogger().Warning(cause, "Job {0}: a part of its run broke", _submitted.Job);
            return Directive.Stop;
        },
        loggingEnabled: false);

    private void Recovered(IActorRef? node)
    {
        if (!_core.Record.HasEnded && node is null)
        {
            Persist<JobFact>(new JobFact.Failed("this node holds parameter shards and computes nothing, and gradients do not travel between nodes yet; start it with the worker role too"), _core.Persisted);
        }
        else
        {
            _core.Recovered();
        }
    }

    private void CommandRequests()
    {
        Command<GetJob>(_ => Sender.Tell(View));
        Command<Watch>(watch => _watchers.Add(watch, View, _core.Record.HasEnded));
        Command<Pause>(_ => _waiters.Add(Sender, _core.Pause(), state => state is JobState.Paused || IsEnd(state), () => View));
        Command<Resume>(_ => _waiters.Add(Sender, _core.Resume(), state => state is not JobState.Paused, () => View));
        Command<Cancel>(_ => _waiters.Add(Sender, _core.Cancel(), IsEnd, () => View));
        Command<GetModel>(TellModel);
        Command<ModelAssemblerActor.Assembled>(assembled =>
        {
            if (assembled.Model.File is not null)
            {
                _publications = 0;
                _core.Handle(new JobProtocol.ModelPublished(_core.Epoch, assembled.Model.WeightsSha256!));
            }
            else if (_modelAskers.TryDequeue(out var asker))
            {
                asker.Tell(assembled.Model with { WeightsSha256 = null });
            }
        });
    }

    private void CommandRun()
    {
        Command<JobRun.Opened>(opened =>
        {
            if (_run.Take(opened))
            {
                _core.Tick();
            }
        });
        Command<JobRun.Unopened>(unopened => _core.Fail(unopened.Reason));
        Command<RunProtocol.NodeRefused>(refused => _core.Fail(refused.Reason));
        Command<RunProtocol.NodeJoined>(joined =>
        {
            var (come, gone) = _run.Take(joined);
            Tell(come.Select(worker => new JobProtocol.WorkerJoined(worker, joined.Node)));
            Tell(gone.Select(worker => new JobProtocol.WorkerLost(worker)));
        });
        Command<WorkersLeft>(left => Tell(left.Workers.Select(worker => new JobProtocol.WorkerLost(worker))));
        Command<Terminated>(ended =>
        {
            if (_run.PartyEnded(ended.ActorRef) is { } party)
            {
                var lost = new JobProtocol.PartyLost(_core.Epoch, $"{party} ended: {_lastFailure}");
                Timers.StartSingleTimer(nameof(JobProtocol.PartyLost), lost, _pause);
                _pause = new TimeSpan(Math.Min(2 * _pause.Ticks, LongestPause.Ticks));
            }
            else if (!_watchers.Remove(ended.ActorRef))
            {
                Tell(_run.NodeEnded(ended.ActorRef).Select(worker => new JobProtocol.WorkerLost(worker)));
            }
        });
        Command<ModelAssemblerActor.NotAssembled>(NotAssembled);
        Command<PublishAgain>(_ =>
        {
            if (_core.State == JobState.Finishing && _core.Record.Newest is { } final)
            {
                Publish(final);
            }
        });
        Command<PartsDeleted>(_ => { });
        Command<Status.Failure>(failure => Context.GetLogger().Warning("Job {0}: old checkpoints stay: {1}", _submitted.Job, failure.Cause.GetBaseException().Message));
        Command<Tick>(_ =>
        {
            _core.Tick();
            if (++_ticks % Tick.PerSecond == 0)
            {
                _run.AskNodeAgain();
                Report();
            }
        });
    }

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

    private void Publish(Checkpoint final) =>
        Context.ActorOf(ModelAssemblerActor.Props(_submitted, final, _services.Directory.ModelFile(_submitted.Job), _services));

    private void TellModel(GetModel request)
    {
        if (_core.State == JobState.Completed)
        {
            var file = _services.Directory.ModelFile(_submitted.Job);
            Task.Run(() => ReadModel(file)).PipeTo(
                Sender, Self, failure: cause => new Refused($"The job's model cannot be read: {cause.GetBaseException().Message}"));
        }
        else if (_run.Replica is { } replica)
        {
            replica.Forward(request);
        }
        else if (_core.Record.Newest is { } newest && _modelAskers.Count < JobWaiters.Maximum)
        {
            _modelAskers.Enqueue(Sender);
            Context.ActorOf(ModelAssemblerActor.Props(_submitted, newest, null, _services));
        }
        else
        {
            Sender.Tell(new Refused($"The job is {_core.State} and has no weights."));
        }
    }

    private object ReadModel(string file)
    {
        using var stream = File.OpenRead(file);
        var model = ModelFile.Read(stream);
        var weights = ImmutableCollectionsMarshal.AsImmutableArray(model.Weights.ToArray());
        return new ModelView(_submitted.Job, model.Recipe, model.Step, weights, file, model.WeightsSha256);
    }

    private void NotAssembled(ModelAssemblerActor.NotAssembled failed)
    {
        if (_core.State != JobState.Finishing)
        {
            if (_modelAskers.TryDequeue(out var asker))
            {
                asker.Tell(new Refused(Sentence.Of($"the job's last checkpoint cannot be read: {failed.Reason}")));
            }
        }
        else if (failed.Part is { } part)
        {
            _core.Handle(new JobProtocol.CheckpointUnreadable(_core.Epoch, part, failed.Reason));
        }
        else if (failed.IsFinal || ++_publications >= MaximumPublications)
        {
            _core.Fail(failed.Reason);
        }
        else
        {
            Context.GetLogger().Warning("Job {0}: {1}; it is tried again", _submitted.Job, failed.Reason);
            Timers.StartSingleTimer(nameof(PublishAgain), new PublishAgain(), TimeSpan.FromSeconds(2));
        }
    }

    /// <summary>Tries to write a model file, two seconds apart, before the job fails.</summary>
    private const int MaximumPublications = 60;

    /// <summary>To the registry: the job as it is now.</summary>
    public sealed record Reported(JobView View, bool HasEnded);

    private sealed record WorkersLeft(ImmutableArray<WorkerId> Workers);

    private sealed record PartsDeleted(int Count);

    private sealed record PublishAgain;
}
