using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using Akka.Actor;

namespace ActorTrainer.Cluster.Runs;

/// <summary>Decides each item of a run once: the shell of <see cref="StepBarrier"/>, for one incarnation.</summary>
internal sealed class StepBarrierActor : RunPartyActor
{
    private readonly StepBarrier _core;

    public StepBarrierActor(
        TrainingRun run, ShardLayout shards, Epoch epoch, int checkpointInterval, CheckpointPartActor.Load? from, RunServices services, IActorRef job)
        : base(epoch, PartNames.Lanes, from, services, job)
    {
        var settings = new BarrierSettings(checkpointInterval, Tick.PerSecond);
        _core = new StepBarrier(run, shards, epoch, settings, services.Tensors, Directory);
        Start();
    }

    public static Props Props(
        TrainingRun run, ShardLayout shards, Epoch epoch, int checkpointInterval, CheckpointPartActor.Load? from, RunServices services, IActorRef job) =>
        Akka.Actor.Props.Create(() => new StepBarrierActor(run, shards, epoch, checkpointInterval, from, services, job))
            .WithDispatcher(NodeConfiguration.ArithmeticDispatcher);

    protected override void LoadInitial() => _core.LoadInitial();

    protected override void Load(ReadOnlySpan<byte> part) => _core.Load(part);

    protected override bool Wants(object message) => _core.Wants(message);

    protected override void Handle(object message) => _core.Handle(message);

    protected override void TickCore() => _core.Tick();

    protected override void PostStop()
    {
        _core.Dispose();
        base.PostStop();
    }
}
