using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using Akka.Actor;

namespace ActorTrainer.Cluster.Runs;

/// <summary>Owns a range of a run's weights: the shell of <see cref="ParameterShard"/>, for one incarnation.</summary>
internal sealed class ParameterShardActor : RunPartyActor
{
    private readonly ParameterShard _core;

    public ParameterShardActor(TrainingRun run, ShardLayout shards, Epoch epoch, int index, CheckpointPartActor.Load? from, RunServices services, IActorRef job)
        : base(epoch, PartNames.Shard(index), from, services, job)
    {
        _core = new ParameterShard(run, shards, epoch, index, services.Tensors, Directory);
        Start();
    }

    public static Props Props(TrainingRun run, ShardLayout shards, Epoch epoch, int index, CheckpointPartActor.Load? from, RunServices services, IActorRef job) =>
        Akka.Actor.Props.Create(() => new ParameterShardActor(run, shards, epoch, index, from, services, job))
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
