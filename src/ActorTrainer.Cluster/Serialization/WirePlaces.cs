using System.Collections.Immutable;
using Akka.Actor;

namespace ActorTrainer.Cluster.Serialization;

/// <summary>Actors on the wire: one as its path; many with what their paths have in common written once (P13).</summary>
internal static class WirePlaces
{
    public static string PathOf(IActorRef actor) => Akka.Serialization.Serialization.SerializedActorPath(actor);

    public static IActorRef Resolve(ExtendedActorSystem system, string path) => system.Provider.ResolveActorRef(path);

    public static Wire.Places ToWire(this IEnumerable<IActorRef> actors)
    {
        var wire = new Wire.Places();
        var parents = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var actor in actors)
        {
            var path = PathOf(actor);
            var cut = path.LastIndexOf('/') + 1;
            var parent = path[..cut];
            if (!parents.TryGetValue(parent, out var index))
            {
                parents.Add(parent, index = parents.Count);
                wire.Parents.Add(parent);
            }

            wire.Parent.Add(index);
            wire.Names.Add(path[cut..]);
        }

        return wire;
    }

    /// <exception cref="ArgumentException">Names and parents do not fit.</exception>
    public static ImmutableArray<IActorRef> FromWire(this Wire.Places wire, ExtendedActorSystem system) =>
        wire.Names.Count == wire.Parent.Count
            ? [.. wire.Names.Select((name, i) => Resolve(system, wire.Parents[wire.Parent[i]] + name))]
            : throw new ArgumentException($"{wire.Names.Count} places have {wire.Parent.Count} parents.");
}
