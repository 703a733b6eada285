using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// A process of the simulated cluster: it lives and dies as a whole, has the tensors of its parties, and may be
/// stopped for a while, when everything that comes waits in order.
/// </summary>
/// <param name="host">Where it runs, which a partition separates from others.</param>
/// <param name="life">How many processes there were before: a restarted one is another node.</param>
internal sealed class SimProcess(int host, int life, bool isServer)
{
    private readonly Queue<Action> _waiting = new();

    public NodeId Id { get; } = new($"{(isServer ? "server" : "worker")}-{host}-{life}");

    public int Host => host;

    public bool IsServer => isServer;

    public TensorStore Tensors { get; } = SimStore.Of(new NodeId($"{(isServer ? "server" : "worker")}-{host}-{life}"));

    public List<SimParty> Parties { get; } = [];

    /// <summary>Its part in training; null where it has none.</summary>
    public SimNode? Node { get; set; }

    /// <summary>Workers that it would have, while the run rests.</summary>
    public int Resting { get; set; }

    public bool IsAlive { get; private set; } = true;

    public bool IsFrozen { get; private set; }

    /// <summary>The others have gone on without it; it ends as soon as it hears of that.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>It was told to end, and takes nothing on any more.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Since when most servers have not heard it; −1: they hear it.</summary>
    public long UnheardSince { get; set; } = -1;

    /// <summary>Carries something out, when the process is running.</summary>
    public void Enter(Action action)
    {
        if (!IsFrozen)
        {
            action();
        }
        else
        {
            _waiting.Enqueue(action);
        }
    }

    public void Freeze() => IsFrozen = true;

    /// <summary>Goes on with what it had queued, as if no time had passed.</summary>
    public void Thaw()
    {
        IsFrozen = false;
        while (!IsFrozen && _waiting.TryDequeue(out var action))
        {
            action();
        }
    }

    public void Kill()
    {
        if (!IsAlive)
        {
            return;
        }

        IsAlive = false;
        foreach (var party in Parties.ToArray())
        {
            party.Kill();
        }

        // What waits finds its party dead and lets go of what it holds.
        Thaw();
    }

    public override string ToString() => $"{Id}({Parties.Count} parties{(IsFrozen ? ", frozen" : "")}{(IsRemoved ? ", removed" : "")}{(UnheardSince >= 0 ? ", unheard" : "")})";
}
