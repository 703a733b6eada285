using System.Collections.Immutable;
using System.Diagnostics;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Training;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Event;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// A job on this node: its data, opened once, one replica of its weights, and its workers. The shell of
/// <see cref="WorkerNode"/>. Opening → Serving.
/// </summary>
/// <remarks>A worker that breaks is replaced by one with a new id, after a pause that grows.</remarks>
internal sealed class WorkerNodeActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A job asks again every few seconds; one that does not wants nothing of this node any more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TakePart _part;
    private readonly RunServices _services;
    private readonly IActorRef _job;
    private readonly Dictionary<IActorRef, WorkerId> _workers = [];
    private readonly string _life = Guid.NewGuid().ToString("n")[..8];
    private readonly ModelOffers _offers;
    private Members? _members;
    private int _wanted;
    private int _started;
    private long _heard = Stopwatch.GetTimestamp();
    private TimeSpan _pause = ShortestPause;
    private WeightsReplica? _replica;
    private LaneComputers? _computers;
    private WorkerNode? _core;
    private TensorArrivals? _arrivals;

    public WorkerNodeActor(TakePart part, RunServices services, IActorRef job)
    {
        (_part, _services, _job, _wanted) = (part, services, job, part.Workers);
        _offers = new ModelOffers(Context, services);
        Context.Watch(job);
        Opening();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(TakePart part, RunServices services, IActorRef job) =>
        Akka.Actor.Props.Create(() => new WorkerNodeActor(part, services, job)).WithDispatcher(NodeConfiguration.ArithmeticDispatcher);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        cause =>
        {
            Context.GetLogger().Warning("Job {0}: {1}", _part.Job, cause.Message);
            return Directive.Stop;
        },
        loggingEnabled: false);

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Silence), new Silence(), TimeSpan.FromSeconds(5));

    protected override void PostStop()
    {
        _arrivals?.Dispose();
        _offers.Dispose();
        _core?.Dispose();
        _computers?.Dispose();
        _replica?.Dispose();
    }

    private void Opening()
    {
        _services.Runs.OpenAsync(_part.Spec.Recipe).PipeTo(Self, success: run => run, failure: cause => new Status.Failure(cause));

        Receive<TrainingRun>(run => Become(() => Serving(run)));
        Receive<Status.Failure>(failed =>
        {
            _job.Tell(new NodeRefused(_part.Job, _services.Node, failed.Cause.GetBaseException().Message));
            Context.Stop(Self);
        });
        Receive<Members>(members => _members = members);
        Receive<TakePart>(Note);
        Receive<Silence>(_ => StopIfForgotten());
        Receive<Terminated>(_ => Context.Stop(Self));
        ReceiveAny(_ => { });
    }

    private void Serving(TrainingRun run)
    {
        var shards = run.Shards(_part.Spec.Placement.ParameterShards);
        var replica = _replica = new WeightsReplica(run.Network);
        var computers = _computers = new LaneComputers(run, _services.Tensors, _services.Width);
        var directory = new RunDirectory(Context, _job, _ => { });
        var core = _core = new WorkerNode(run, shards, _services.Node, replica, _services.Tensors, directory);
        _arrivals = new TensorArrivals(Context, _services.Node, _services.FetchAsync, core.Wants, core.Handle);
        Tick.Start(Timers);
        if (_members is not null)
        {
            directory.Learn(_members);
        }

        Receive<Members>(members =>
        {
            _members = members;
            directory.Learn(members);
            foreach (var worker in _workers.Keys)
            {
                worker.Tell(members);
            }
        });
        Receive<TakePart>(take =>
        {
            Note(take);
            StopSurplus(core);
            StartWorkers();
            TellJoined();
        });
        Receive<Terminated>(ended =>
        {
            if (ended.ActorRef.Equals(_job))
            {
                Context.Stop(Self);
                return;
            }

            if (_workers.Remove(ended.ActorRef, out var lost))
            {
                core.Handle(new JobProtocol.WorkerLost(lost));
            }

            TellJoined();
            Timers.StartSingleTimer(nameof(StartAgain), new StartAgain(), _pause);
            _pause = new TimeSpan(Math.Min(2 * _pause.Ticks, LongestPause.Ticks));
        });
        Receive<StartAgain>(_ =>
        {
            StartWorkers();
            TellJoined();
        });
        Receive<Tick>(_ => core.Tick());
        Receive<RegistryProtocol.GetModel>(_ => TellNewest(run, replica));
        Receive<ModelOffers.Ended>(_offers.Take);
        Receive<Silence>(_ => StopIfForgotten());
        ReceiveAny(_arrivals.Handle);

        StartWorkers();
        TellJoined();

        void StartWorkers()
        {
            while (_workers.Count < _wanted)
            {
                // Ordered by id they are dealt neighbouring lanes, whose sums fold on this node (B4).
                var id = new WorkerId($"{_services.Node}-{_life}-{_started++:d5}");
                var worker = Context.ActorOf(WorkerActor.Props(id, run, shards, replica, computers, _services, _job), id.Value);
                Context.Watch(worker);
                _workers.Add(worker, id);
                if (_members is not null)
                {
                    worker.Tell(_members);
                }
            }
        }
    }

    private void Note(TakePart take)
    {
        _heard = Stopwatch.GetTimestamp();
        _wanted = take.Workers;
    }

    /// <summary>The last that came go; the others notice nothing.</summary>
    private void StopSurplus(WorkerNode core)
    {
        foreach (var (worker, id) in _workers.OrderByDescending(worker => worker.Value.Value, StringComparer.Ordinal).Take(_workers.Count - _wanted).ToList())
        {
            Context.Unwatch(worker);
            Context.Stop(worker);
            _workers.Remove(worker);
            core.Handle(new JobProtocol.WorkerLost(id));
        }
    }

    private void StopIfForgotten()
    {
        if (Stopwatch.GetElapsedTime(_heard) > Patience)
        {
            Context.GetLogger().Info("Job {0} has not asked for workers of this node for {1} s; they stop", _part.Job, Patience.TotalSeconds);
            Context.Stop(Self);
        }
    }

    private void TellJoined() => _job.Tell(new NodeJoined(
        _part.Job,
        _services.Node,
        Self,
        [.. _workers.Select(worker => new WorkerPlace(worker.Value, worker.Key)).OrderBy(worker => worker.Worker.Value, StringComparer.Ordinal)]));

    /// <summary>The newest whole version, copied: whoever asked may take its time.</summary>
    private void TellNewest(TrainingRun run, WeightsReplica replica)
    {
        if (!replica.TryLeaseNewest(out var lease))
        {
            Sender.Tell(new RegistryProtocol.Refused("No version of the job's weights is whole yet; ask again in a moment."));
            return;
        }

        var weights = ImmutableArray.Create(lease.Weights.Values);
        var version = lease.Version;
        lease.Release();
        _offers.Answer(Sender, new ModelView(_part.Job, _part.Spec.Recipe, version, weights, null, null) { Schema = run.Schema });
    }

    private sealed record StartAgain;

    private sealed record Silence;
}
