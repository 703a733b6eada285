using System.Collections.Immutable;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>The job's actor: the shell of its core, and of its run.</summary>
internal sealed class SimJob : SimPersistent
{
    public const string Journal = "job";

    public SimJob(SimWorld world, SimProcess process)
        : base(world, process, Role.Job, $"job@{process.Id}", Journal)
    {
        Core = new TrainingJob(SimWorld.Job, this);
        Core.Recover(world.Submission);
        Run = new SimRun(world, this);
        world.Oracle.JobStarts(this);
    }

    public TrainingJob Core { get; }

    public SimRun Run { get; }

    protected override void Recovered(ImmutableArray<object> facts)
    {
        foreach (var fact in facts.Cast<JobFact>())
        {
            Core.Recover(fact);
        }

        World.TheJob = this;
        Core.Recovered();
        Run.Poll();
    }

    protected override void Handle(SimParty? sender, object message)
    {
        if (message is JobProtocol.CheckpointUnreadable unreadable)
        {
            World.Database.Reported(unreadable);
        }

        Core.Handle(message);
    }

    protected override void OnTick()
    {
        if (!IsBusy)
        {
            Core.Tick();
        }
    }

    protected override void OnEffect(Effect effect)
    {
        if (World.IsTracing)
        {
            World.Trace($"{Name}: {effect}");
        }

        switch (effect)
        {
            case Effect.Persist persist:
                Persist(persist.Fact, () => Core.Persisted(persist.Fact));
                break;
            case Effect.StartRun start:
                Run.Start(start);
                break;
            case Effect.StopRun stop:
                Run.Stop(stop.Epoch);
                break;
            case Effect.PublishModel publish:
                World.Publish(this, publish);
                break;
            case Effect.KeepCheckpoints keep:
                World.Database.Keep(keep.Kept);
                break;
            case Effect.ItemsSeen seen:
                World.Oracle.Seen(this, seen.Items);
                break;
            case Effect.ViewChanged when Core.Reason.Length > 0:
                World.Count("job waits below its minimum of workers");
                break;
            case Effect.StateChanged changed:
                World.Changed(this, changed.State);
                break;
        }
    }

    protected override void OnEnd()
    {
        base.OnEnd();
        Run.JobEnds();
    }
}
