namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// Who belongs to the cluster and which server leads it. A server that most servers have not heard for a while is
/// removed: it ends itself, or as soon as it runs again. The registry then starts on another, a margin later. A
/// worker that the leader has not heard for longer ends and is started anew.
/// </summary>
internal sealed class SimMembership(SimWorld world)
{
    private const long LookEvery = 15_000;
    private const long ServerRemovedAfter = 150_000;
    private const long WorkerRemovedAfter = 300_000;
    private const long Margin = 50_000;

    private long _leaderlessSince;

    /// <summary>The server that runs the registry; null between two.</summary>
    public SimProcess? Leader { get; private set; }

    public SimRegistry? Registry { get; private set; }

    public void Start()
    {
        for (var host = 0; host < world.Options.Servers; host++)
        {
            world.StartServer(host);
        }

        Lead(world.Processes[0]);
        world.After(LookEvery, Look);
    }

    private void Look()
    {
        if (world.IsOver)
        {
            return;
        }

        foreach (var process in world.Processes.ToArray())
        {
            Look(process);
        }

        if (Leader is { } leader && (!leader.IsAlive || leader.IsRemoved))
        {
            (Leader, _leaderlessSince) = (null, world.Now);
        }

        world.KeepMinimum();

        // A registry that has stopped itself is started again where it was.
        if (Leader is { IsFrozen: false } alone && Registry is not { IsAlive: true })
        {
            Lead(alone);
        }

        if (Leader is null && world.Now - _leaderlessSince >= (world.Options.Servers == 1 ? 0 : Margin)
            && world.Processes.Find(process => process is { IsServer: true, IsFrozen: false, IsRemoved: false, IsLeaving: false, UnheardSince: < 0 }) is { } next)
        {
            world.Count("registry moves to another process");
            Lead(next);
        }

        world.After(LookEvery, Look);
    }

    private void Look(SimProcess process)
    {
        var isHeard = process.IsServer ? world.IsHeardByMost(process) : Leader is null || world.CanTalk(Leader, process);
        if (isHeard && !process.IsFrozen)
        {
            process.UnheardSince = -1;
        }
        else if (process.UnheardSince < 0)
        {
            process.UnheardSince = world.Now;
        }

        if (world.Options.Servers == 1 && process.IsServer)
        {
            return;
        }

        var limit = process.IsServer ? ServerRemovedAfter : WorkerRemovedAfter;
        if (!process.IsRemoved && process.UnheardSince >= 0 && world.Now - process.UnheardSince > limit)
        {
            process.IsRemoved = true;
            world.Count(process.IsServer ? "server removed" : "worker node removed");
        }

        if (process.IsRemoved && !process.IsFrozen)
        {
            // It hears of it a moment after it runs again: until then it believes what it believed.
            world.After(world.Random.Next(2_000, 60_000), () => world.End(process));
        }
    }

    private void Lead(SimProcess server)
    {
        Leader = server;
        Registry = world.Begin(new SimRegistry(world, server));
        world.Registered(Registry);
        Registry.Recover();
    }
}
