using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>Who hears whom, and where a message goes.</summary>
internal sealed partial class SimWorld
{
    private readonly List<Cut> _cuts = [];

    /// <summary>Shards and barriers that live, also those of lives that are over.</summary>
    public List<SimRunParty> RunParties { get; } = [];

    public List<SimNode> Nodes { get; } = [];

    public SortedDictionary<string, SimWorker> Workers { get; } = new(StringComparer.Ordinal);

    /// <summary>Where a client's message comes: now and then to a process that only believes that it leads.</summary>
    public SimRegistry? RegistryForClients =>
        Random.Next(8) == 0 && _everyRegistry.Find(registry => registry.IsAlive) is { } any ? any : Membership.Registry;

    /// <summary>Whether a message gets through from a host to another.</summary>
    public bool Reaches(int from, int to) => from == to || !_cuts.Exists(cut => cut.Separates(from, to));

    /// <summary>Whether two processes that live hear each other, if they listen.</summary>
    public bool CanTalk(SimProcess one, SimProcess other) =>
        one.IsAlive && other.IsAlive && Reaches(one.Host, other.Host) && Reaches(other.Host, one.Host);

    public bool IsLost() => IsHostile && Random.NextDouble() < Options.Drop;

    public bool FetchFails() => IsHostile && Random.NextDouble() < Options.FetchFails;

    /// <summary>One message through the network, to one party or, where two claim the address, to either.</summary>
    /// <param name="isReliable">It does not get lost, but for a partition: the shell sees to that.</param>
    public void Send(SimParty from, SimParty? sender, Party to, object message, bool isReliable = false)
    {
        Notice(from, to, message);
        var isHostile = IsHostile && !isReliable;
        var copies = isHostile && Random.NextDouble() < Options.Duplicate ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            if (isHostile && Random.NextDouble() < Options.Drop)
            {
                if (IsTracing)
                {
                    Trace($"{from.Name} -> {to} lost: {message}");
                }

                continue;
            }

            var delay = isHostile && Random.NextDouble() < Options.Slow ? Random.Next(1_000, 300_000) : Random.Next(50, 400);
            After(delay, () => Arrive(from, sender, to, message));
        }
    }

    /// <summary>What a message says of the work that is done, and of what the run goes through.</summary>
    private void Notice(SimParty from, Party to, object message)
    {
        switch (message)
        {
            case JobProtocol.AssignLanes assign when to.Name is not null:
                Work.Deals(assign, to.Name);
                break;
            case JobProtocol.PartFailed failed:
                Work.Failed(failed);
                break;
            case StepProtocol.Offer when from.Role == Role.Node:
                Count("block offered that a node has folded");
                break;
            case JobProtocol.NodeWrong:
                Count("node said to compute wrongly");
                break;
            case JobProtocol.LanesLate:
                Count("job told for whom it waits");
                break;
        }
    }

    private void Arrive(SimParty from, SimParty? sender, Party to, object message)
    {
        if (message is SimAcknowledged acknowledged)
        {
            Client.Hear(acknowledged);
            return;
        }

        var target = Resolve(from, sender, to, message);
        if (target is null)
        {
            return;
        }

        if (!Reaches(from.Process.Host, target.Process.Host))
        {
            Count("message cut off");
        }
        else if (Bug?.Arrives is { } mutant)
        {
            if (mutant(this, target, message) is { } changed)
            {
                target.Receive(from, changed);
            }
        }
        else
        {
            target.Receive(from, message);
        }
    }

    private SimParty? Resolve(SimParty from, SimParty? sender, Party to, object message)
    {
        switch (to.Kind)
        {
            case PartyKind.Sender:
                return sender;
            case PartyKind.Job:
                return from is SimRunParty { Job: { IsAlive: true } job } && Random.Next(8) > 0 ? job : TheJob;
            case PartyKind.Node:
                return Nodes.Find(node => node.Name == to.Name);
            case PartyKind.Worker:
                return Workers.GetValueOrDefault(to.Name!);
        }

        // The party of the message's own life while it is there; a newer one at its address otherwise.
        var (role, epoch) = (to.Kind == PartyKind.Barrier ? Role.Barrier : Role.Shard, SimEpochs.Of(message));
        SimRunParty? own = null, last = null;
        foreach (var party in RunParties)
        {
            if (party.Role == role && party.Index == to.Index)
            {
                last = party;
                own = party.Epoch == epoch ? party : own;
            }
        }

        return own is null || own == last || Random.Next(Options.Linger ? 3 : 8) > 0 ? own ?? last : last;
    }

    /// <summary>A partition: hosts on one side do not reach those on the other, or only one way.</summary>
    private sealed record Cut(int Seed, bool IsOneWay)
    {
        public bool Separates(int from, int to)
        {
            var (first, second) = (IsLeft(from), IsLeft(to));
            return first != second && (!IsOneWay || first);
        }

        // A function of the host, so that one that starts later has its side too.
        private bool IsLeft(int host) => ((uint)HashOf(host) & 1) == 0;

        private int HashOf(int host)
        {
            var hash = unchecked((Seed * 0x9E3779B1) + ((host + 1) * 0x85EBCA77));
            return unchecked((int)((hash ^ (hash >> 15)) * 0xC2B2AE35) >> 16);
        }
    }
}
