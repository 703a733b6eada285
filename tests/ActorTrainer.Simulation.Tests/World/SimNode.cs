using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>A process's part in training: its replica of the weights, and its workers.</summary>
internal sealed class SimNode : SimParty
{
    private readonly WorkerNode _core;

    public SimNode(SimWorld world, SimProcess process)
        : base(world, process, Role.Node, process.Id.Value)
    {
        Replica = new WeightsReplica(world.Run.Network);
        _core = new WorkerNode(world.Run, world.Shards, process.Id, Replica, process.Tensors, this);
        process.Node = this;
        world.Nodes.Add(this);
        world.Begin(this);
    }

    public WeightsReplica Replica { get; }

    public List<SimWorker> Workers { get; } = [];

    /// <summary>The run is over, or rests: the process may be asked to take part again.</summary>
    public void Leave()
    {
        Process.Resting += Workers.Count;
        Kill();
    }

    public override bool Wants(object message) => _core.Wants(message);

    protected override void OnMessage(SimParty? sender, object message) => _core.Handle(message);

    protected override void OnTick() => _core.Tick();

    protected override void OnEffect(Effect effect) => throw new NotSupportedException(effect.ToString());

    protected override void OnEnd()
    {
        // Its workers are its children.
        World.Nodes.Remove(this);
        Process.Node = null;
        foreach (var worker in Workers.ToArray())
        {
            worker.Kill();
        }

        _core.Dispose();
        Replica.Dispose();
    }
}

internal sealed class SimWorker : SimParty
{
    private readonly Worker _core;

    public SimWorker(SimWorld world, SimNode node, WorkerId id)
        : base(world, node.Process, Role.Worker, id.Value)
    {
        (Id, Node) = (id, node);
        _core = new Worker(world.Run, world.Shards, id, node.Process.Id, node.Replica, node.Process.Tensors, this);
        node.Workers.Add(this);
        world.Workers.Add(id.Value, this);
        world.Begin(this);
    }

    public WorkerId Id { get; }

    public SimNode Node { get; }

    public override bool Wants(object message) => _core.Wants(message);

    protected override void OnMessage(SimParty? sender, object message) => _core.Handle(message);

    protected override void OnTick() => _core.Tick();

    protected override void OnEffect(Effect effect)
    {
        var order = (ComputeOrder)effect;
        World.Work.Begins(this, order);
        World.Compute.Start(this, order);
    }

    protected override void OnEnd()
    {
        World.Workers.Remove(Name);
        Node.Workers.Remove(this);
        Node.Receive(null, new JobProtocol.WorkerLost(Id));
        _core.Dispose();
    }
}
