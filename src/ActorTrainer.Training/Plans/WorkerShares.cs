using System.Collections.Immutable;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Training.Plans;

/// <summary>
/// How many of a job's workers each node has: in proportion to the threads that compute there, more
/// than those only where the job asks for more workers than there are threads. A function of the nodes
/// alone, so that a share changes only when nodes come or go.
/// </summary>
public static class WorkerShares
{
    /// <summary>Workers of one job on one node; of more, most would be idle, and the list of them is one message (P13).</summary>
    public const int MaximumPerNode = 512;

    /// <summary>One entry a node, in their order; the largest remainders are rounded up, of equal ones the first.</summary>
    /// <param name="maximum">Workers in all, at most.</param>
    /// <exception cref="ArgumentException">A node is named twice or has no thread.</exception>
    public static ImmutableArray<NodeShare> Of(int maximum, IEnumerable<NodeThreads> nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximum);
        ImmutableArray<NodeThreads> ordered = [.. nodes];
        var names = new HashSet<NodeId>();
        long threads = 0;
        foreach (var node in ordered)
        {
            if (node.Threads < 1 || !names.Add(node.Node))
            {
                throw new ArgumentException($"Node {node.Node} is named twice or has {node.Threads} threads.", nameof(nodes));
            }

            threads += node.Threads;
        }

        var shares = new int[ordered.Length];
        var left = maximum;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = (int)((long)maximum * ordered[i].Threads / threads);
            left -= shares[i];
        }

        // Fewer are left than there are nodes with a remainder.
        foreach (var i in Enumerable.Range(0, shares.Length).OrderByDescending(i => (long)maximum * ordered[i].Threads % threads).Take(left))
        {
            shares[i]++;
        }

        return [.. ordered.Select((node, i) => new NodeShare(node.Node, Math.Min(shares[i], MaximumPerNode)))];
    }
}

/// <param name="Threads">That compute there, at least 1.</param>
public readonly record struct NodeThreads(NodeId Node, int Threads);

/// <param name="Workers">Of one job; 0: the node is not needed.</param>
public readonly record struct NodeShare(NodeId Node, int Workers);
