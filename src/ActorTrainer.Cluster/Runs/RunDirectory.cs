using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// Where a core's words go: the places of the newest members it was told, and a hand for its effects.
/// A party without a place hears nothing, which is as good as a lost message (P6).
/// </summary>
internal sealed class RunDirectory(IActorContext context, IActorRef job, Action<Effect> perform) : IOutbox
{
    private readonly Dictionary<string, IActorRef> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IActorRef> _workers = new(StringComparer.Ordinal);
    private Members? _members;

    /// <summary>Takes the places; those of an older life are ignored (P1).</summary>
    public void Learn(Members members)
    {
        if (_members is { } known && known.Epoch.IsNewerThan(members.Epoch))
        {
            return;
        }

        _members = members;
        _nodes.Clear();
        _workers.Clear();
        foreach (var node in members.Nodes)
        {
            _nodes[node.Node.Value] = node.Place;
        }

        foreach (var worker in members.Workers)
        {
            _workers[worker.Worker.Value] = worker.Place;
        }
    }

    public void Send(Party to, object message) => PlaceOf(to)?.Tell(message, context.Self);

    public void Perform(Effect effect) => perform(effect);

    private IActorRef? PlaceOf(Party party) => party.Kind switch
    {
        PartyKind.Sender => context.Sender,
        PartyKind.Job => job,
        PartyKind.Barrier => _members?.Barrier,
        PartyKind.Shard when _members is { } members && party.Index < members.Shards.Length => members.Shards[party.Index],
        PartyKind.Worker => _workers.GetValueOrDefault(party.Name!),
        PartyKind.Node => _nodes.GetValueOrDefault(party.Name!),
        _ => null,
    };
}
