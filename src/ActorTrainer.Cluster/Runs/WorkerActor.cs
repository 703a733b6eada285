using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Training;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using Akka.Actor;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// Computes the lanes it owns: the shell of <see cref="Worker"/>. The computing itself is done by the
/// node's compute threads; this actor only decides when.
/// </summary>
internal sealed class WorkerActor : ReceiveActor, IWithTimers
{
    private readonly Worker _core;
    private readonly RunServices _services;
    private readonly LaneComputers _computers;
    private readonly TensorArrivals _arrivals;
    private LaneWork? _work;
    private bool _isQueued;

    public WorkerActor(WorkerId id, TrainingRun run, ShardLayout shards, WeightsReplica replica, LaneComputers computers, RunServices services, IActorRef job)
    {
        (_services, _computers) = (services, computers);
        var directory = new RunDirectory(Context, job, Perform);
        _core = new Worker(run, shards, id, services.Node, replica, services.Tensors, directory);
        _arrivals = new TensorArrivals(Context, services.Node, services.FetchAsync, _core.Wants, _core.Handle);

        Receive<RunProtocol.Members>(directory.Learn);
        Receive<LaneWork.Done>(done => Take(done.Work));
        Receive<LaneWork.Failed>(failed =>
        {
            _work = null;
            throw new LaneComputationException(id, failed.Cause);
        });
        Receive<Tick>(_ =>
        {
            Enqueue();
            _core.Tick();
        });
        ReceiveAny(_arrivals.Handle);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(
        WorkerId id, TrainingRun run, ShardLayout shards, WeightsReplica replica, LaneComputers computers, RunServices services, IActorRef job) =>
        Akka.Actor.Props.Create(() => new WorkerActor(id, run, shards, replica, computers, services, job))
            .WithDispatcher(NodeConfiguration.ArithmeticDispatcher);

    protected override void PreStart() => Tick.Start(Timers);

    protected override void PostStop()
    {
        _arrivals.Dispose();
        _work?.Abandon();
        _core.Dispose();
    }

    private void Perform(Effect effect)
    {
        if (effect is ComputeOrder order)
        {
            _work = new LaneWork(order, _computers, Self);
            _isQueued = false;
            Enqueue();
        }
    }

    /// <summary>Tried again at every tick while the threads' queue is full.</summary>
    private void Enqueue()
    {
        if (_work is not null && !_isQueued)
        {
            _isQueued = _services.Threads.TryEnqueue(_work);
        }
    }

    private void Take(LaneWork work)
    {
        _work = null;
        if (work.Take() is { } computed)
        {
            _core.Handle(computed);
        }
    }
}

/// <summary>A compute thread could not carry out an order; the worker is broken and its node starts another.</summary>
internal sealed class LaneComputationException(WorkerId worker, Exception cause)
    : Exception($"worker {worker} could not compute its lanes: {cause.Message}", cause);
