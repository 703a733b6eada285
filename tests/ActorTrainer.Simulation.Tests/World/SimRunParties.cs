using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>A shard or the barrier of one incarnation.</summary>
internal abstract class SimRunParty : SimParty
{
    private readonly string _part;
    private readonly Checkpoint? _from;

    protected SimRunParty(SimWorld world, SimProcess process, Role role, SimJob job, Epoch epoch, string part, Checkpoint? from)
        : base(world, process, role, $"{part}/{epoch.Incarnation}")
    {
        (Job, Epoch, _part, _from) = (job, epoch, part, from);
        world.RunParties.Add(this);
        world.Begin(this);
        if (from is null)
        {
            world.After(world.Random.Next(10_000), () => process.Enter(() => Load(LoadInitial)));
        }
        else
        {
            world.Database.ReadPart(process, part, from, Take);
        }
    }

    /// <summary>The job's process that started the party, and whom it speaks to.</summary>
    public SimJob Job { get; }

    public Epoch Epoch { get; }

    /// <summary>Of a shard its number.</summary>
    public virtual int Index => 0;

    protected abstract void LoadInitial();

    protected abstract void LoadPart(byte[] part);

    protected override void OnEffect(Effect effect)
    {
        switch (effect)
        {
            case Effect.SavePart save:
                World.Database.SavePart(this, save);
                break;
            case Effect.StopSelf:
                World.Count("stops itself for a newer incarnation");
                BeginToDie();
                break;
        }
    }

    protected override void OnEnd() => World.RunParties.Remove(this);

    private void Load(Action load)
    {
        if (IsAlive)
        {
            Call(load);
        }
    }

    private void Take(byte[]? bytes)
    {
        if (!IsAlive)
        {
            return;
        }

        if (bytes is not null)
        {
            try
            {
                Load(() => LoadPart(bytes));
                return;
            }
            catch (InvalidDataException wrong) when (World.Bug is null)
            {
                World.Fail($"{Name} cannot load what was recorded: {wrong.Message}");
            }
        }

        World.Send(this, null, Party.Job, new JobProtocol.CheckpointUnreadable(Epoch, _part, "it is not what was stored"), isReliable: true);
    }
}

internal sealed class SimBarrier : SimRunParty
{
    private readonly StepBarrier _core;

    public SimBarrier(SimWorld world, SimProcess process, SimJob job, Epoch epoch, Checkpoint? from)
        : base(world, process, Role.Barrier, job, epoch, PartNames.Lanes, from) =>
        _core = new StepBarrier(
            world.Run, world.Shards, epoch, new BarrierSettings(world.Options.CheckpointInterval, SimWorld.TicksPerSecond), process.Tensors, this);

    public int LanesCopied => _core.LanesCopied;

    public override bool Wants(object message) => _core.Wants(message);

    protected override void LoadInitial() => _core.LoadInitial();

    protected override void LoadPart(byte[] part) => _core.Load(part);

    protected override void OnMessage(SimParty? sender, object message) => _core.Handle(message);

    protected override void OnTick() => _core.Tick();

    protected override void OnEnd()
    {
        base.OnEnd();
        World.Work.BarrierEnds(this);
        _core.Dispose();
    }
}

internal sealed class SimShard : SimRunParty
{
    private readonly ParameterShard _core;

    public SimShard(SimWorld world, SimProcess process, SimJob job, Epoch epoch, int index, Checkpoint? from)
        : base(world, process, Role.Shard, job, epoch, PartNames.Shard(index), from)
    {
        Index = index;
        _core = new ParameterShard(world.Run, world.Shards, epoch, index, process.Tensors, this);
    }

    public override int Index { get; }

    public override bool Wants(object message) => _core.Wants(message);

    protected override void LoadInitial() => _core.LoadInitial();

    protected override void LoadPart(byte[] part) => _core.Load(part);

    protected override void OnMessage(SimParty? sender, object message)
    {
        var before = _core.Version;
        _core.Handle(message);
        if (_core.Version != before)
        {
            World.Applied(this, before, _core.Version);
        }
    }

    protected override void OnTick() => _core.Tick();

    protected override void OnEnd()
    {
        base.OnEnd();
        _core.Dispose();
    }
}
