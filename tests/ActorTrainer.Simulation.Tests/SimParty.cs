using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>A party of the simulated cluster: the shell of one core.</summary>
internal abstract class SimParty(SimWorld world, string name) : IOutbox
{
    private SimParty? _sender;

    public string Name { get; } = name;

    public bool IsAlive { get; private set; } = true;

    protected SimWorld World { get; } = world;

    /// <summary>The party handles a message from another, or from its own shell.</summary>
    public void Deliver(SimParty? sender, object message)
    {
        if (!IsAlive)
        {
            (message as Computed)?.Release();
            return;
        }

        World.Trace($"{Name} <- {sender?.Name}: {message}");
        _sender = sender;
        OnMessage(sender, message);
        _sender = null;
    }

    public void Tick()
    {
        if (IsAlive)
        {
            _sender = null;
            OnTick();
        }
    }

    /// <summary>The party ends at once, and everything it holds with it.</summary>
    public virtual void Kill()
    {
        if (IsAlive)
        {
            World.Trace($"{Name} dies");
            IsAlive = false;
            OnEnd();
        }
    }

    void IOutbox.Send(Party to, object message) => World.Send(this, _sender, to, message);

    void IOutbox.Perform(Effect effect) => OnEffect(effect);

    protected abstract void OnMessage(SimParty? sender, object message);

    protected abstract void OnTick();

    protected abstract void OnEffect(Effect effect);

    protected abstract void OnEnd();
}

/// <summary>A shard or the barrier of one incarnation.</summary>
internal abstract class SimRunParty(SimWorld world, string name, Epoch epoch) : SimParty(world, name)
{
    public Epoch Epoch { get; } = epoch;

    /// <summary>The last training item applied here, which a ledger follows; −1: none.</summary>
    public virtual long Version => 0;

    public abstract void LoadInitial();

    public abstract void Load(byte[] part);

    protected override void OnEffect(Effect effect)
    {
        switch (effect)
        {
            case Effect.SavePart save:
                World.Store(this, save);
                break;
            case Effect.StopSelf:
                Kill();
                break;
        }
    }
}

internal sealed class SimBarrier : SimRunParty
{
    private readonly StepBarrier _core;

    public SimBarrier(SimWorld world, Epoch epoch)
        : base(world, $"barrier/{epoch.Incarnation}", epoch) =>
        _core = new StepBarrier(world.Run, world.Shards, epoch, new BarrierSettings(world.CheckpointInterval, SimWorld.TicksPerSecond), world.Tensors, this);

    public override void LoadInitial() => _core.LoadInitial();

    public override void Load(byte[] part) => _core.Load(part);

    protected override void OnMessage(SimParty? sender, object message) => _core.Handle(message);

    protected override void OnTick() => _core.Tick();

    protected override void OnEnd() => _core.Dispose();
}

internal sealed class SimShard : SimRunParty
{
    private readonly ParameterShard _core;
    private readonly int _index;

    public SimShard(SimWorld world, Epoch epoch, int index)
        : base(world, $"shard-{index}/{epoch.Incarnation}", epoch)
    {
        _index = index;
        _core = new ParameterShard(world.Run, world.Shards, epoch, index, world.Tensors, this);
    }

    public override long Version => _core.Version;

    public override void LoadInitial() => _core.LoadInitial();

    public override void Load(byte[] part) => _core.Load(part);

    protected override void OnMessage(SimParty? sender, object message)
    {
        var before = _core.Version;
        _core.Handle(message);
        if (_core.Version != before)
        {
            World.Applied(this, _index, before, _core.Version);
        }
    }

    protected override void OnTick() => _core.Tick();

    protected override void OnEnd() => _core.Dispose();
}

/// <summary>A node with its replica and its workers.</summary>
internal sealed class SimNode : SimParty
{
    private readonly WorkerNode _core;

    public SimNode(SimWorld world, NodeId id)
        : base(world, id.Value)
    {
        Id = id;
        Replica = new WeightsReplica(world.Run.Network);
        _core = new WorkerNode(world.Run, world.Shards, id, Replica, world.Tensors, this);
    }

    public NodeId Id { get; }

    public WeightsReplica Replica { get; }

    public List<SimWorker> Workers { get; } = [];

    /// <summary>The shell was told that the run is over.</summary>
    public void Forget() => _core.Dispose();

    protected override void OnMessage(SimParty? sender, object message) => _core.Handle(message);

    protected override void OnTick() => _core.Tick();

    protected override void OnEffect(Effect effect) => throw new NotSupportedException(effect.ToString());

    protected override void OnEnd()
    {
        _core.Dispose();
        Replica.Dispose();
    }
}

internal sealed class SimWorker : SimParty
{
    private readonly Worker _core;

    public SimWorker(SimWorld world, WorkerId id, SimNode node)
        : base(world, id.Value)
    {
        (Id, Node) = (id, node);
        _core = new Worker(world.Run, world.Shards, id, node.Id, node.Replica, world.Tensors, this);
    }

    public WorkerId Id { get; }

    public SimNode Node { get; }

    /// <summary>The shell was told that the run is over.</summary>
    public void Forget() => _core.Dispose();

    protected override void OnMessage(SimParty? sender, object message) => _core.Handle(message);

    protected override void OnTick() => _core.Tick();

    protected override void OnEffect(Effect effect) => World.Compute(this, (ComputeOrder)effect);

    protected override void OnEnd() => _core.Dispose();
}

/// <summary>The job's process: handles nothing while a fact is being stored, and may die on either side of it.</summary>
internal sealed class SimJob : SimParty
{
    private readonly Queue<Action> _stash = new();
    private JobFact? _storing;

    public SimJob(SimWorld world)
        : base(world, "job") => Core = new TrainingJob(SimWorld.Job, this);

    public TrainingJob Core { get; }

    public void Recover()
    {
        foreach (var fact in World.Journal)
        {
            Core.Recover(fact);
        }

        if (World.Journal.Count == 0)
        {
            Core.Submit(World.Submission);
        }
        else
        {
            Core.Recovered();
        }
    }

    /// <summary>Calls the core, or waits until it may be called.</summary>
    public void Call(Action call)
    {
        if (_storing is not null)
        {
            _stash.Enqueue(call);
        }
        else
        {
            call();
        }
    }

    public override void Kill()
    {
        // The append is atomic: the fact is there or not, whatever the job knew of it.
        if (IsAlive && _storing is not null && World.Random.Next(2) == 0)
        {
            World.Journal.Add(_storing);
        }

        base.Kill();
    }

    protected override void OnMessage(SimParty? sender, object message)
    {
        if (_storing is not null)
        {
            _stash.Enqueue(() => Deliver(sender, message));
            return;
        }

        Core.Handle(message);
    }

    protected override void OnTick() => Call(Core.Tick);

    protected override void OnEffect(Effect effect)
    {
        if (effect is Effect.Persist persist)
        {
            _storing = persist.Fact;
            World.After(World.Random.Next(500, 3000), Stored);
        }
        else
        {
            World.Perform(this, effect);
        }
    }

    protected override void OnEnd()
    {
    }

    private void Stored()
    {
        if (!IsAlive)
        {
            return;
        }

        var fact = _storing!;
        _storing = null;
        World.Journal.Add(fact);
        World.Trace($"job stored {fact}");
        if (World.MayCrashAfterStoring())
        {
            return;
        }

        Core.Persisted(fact);
        while (_storing is null && IsAlive && _stash.TryDequeue(out var next))
        {
            next();
        }
    }
}
