using System.Collections.Immutable;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>Whom a node asks to be let into the cluster, and when it may begin one of its own.</summary>
/// <remarks>
/// A server that was alone on its side of a split is taken out of the cluster and started again by whoever
/// supervises it; were it to begin a cluster then, there would be two on one database. So only the first seed
/// node begins one, and only while it reaches more than half of the seed nodes, itself counted.
/// </remarks>
/// <param name="Self">As this node calls itself.</param>
/// <param name="MayBegin">It is a server, and the first of the seed nodes, or no others were named.</param>
/// <param name="Seeds">The other seed nodes, in their order.</param>
/// <param name="Remembered">Members of the last cluster that are no seed nodes.</param>
internal sealed record SeedPlan(SeedNode Self, bool MayBegin, ImmutableArray<SeedNode> Seeds, ImmutableArray<SeedNode> Remembered)
{
    /// <summary>Others to be asked: any of them that is in a cluster lets this node in.</summary>
    public IEnumerable<SeedNode> Others => Seeds.Concat(Remembered);

    /// <summary>Seed nodes that must be reached, this one counted, before a cluster is begun.</summary>
    public int Quorum => ((Seeds.Length + 1) / 2) + 1;

    public static SeedPlan Of(SeedNode self, bool isServer, IEnumerable<SeedNode> named, IEnumerable<SeedNode> remembered)
    {
        ImmutableArray<SeedNode> seeds = [.. named.Distinct()];
        var mayBegin = isServer && (seeds.IsEmpty || seeds[0] == self);
        ImmutableArray<SeedNode> others = [.. seeds.Where(seed => seed != self)];
        return new SeedPlan(
            self,
            mayBegin,
            others,
            [.. remembered.Where(member => member != self && !others.Contains(member)).Distinct()]);
    }

    /// <summary>Whether a cluster may be begun, or joined as the first of its seed nodes, while these others can be reached.</summary>
    public bool HasQuorum(IReadOnlyCollection<SeedNode> reached) => Seeds.Count(reached.Contains) + 1 >= Quorum;
}
