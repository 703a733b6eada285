using System.Collections.Immutable;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// A reduction tree while it fills, a shard's or what a node has of it: disjoint aligned blocks, at most one a lane (P3). Siblings
/// are folded as soon as both are there (B4), so that at most about two buffers a worker are held.
/// </summary>
/// <remarks>
/// A block whose lanes are all covered is dropped. Otherwise, as aligned blocks nest, it replaces the
/// smaller ones inside it: its other lanes may exist nowhere else. Lanes without rows are +0, added here
/// and not skipped.
/// </remarks>
internal sealed class LaneCover(TensorStore store)
{
    private readonly List<Node> _nodes = [];
    private bool[] _empty = [];

    /// <summary>Blocks held now, ascending.</summary>
    public IEnumerable<LaneBlock> Blocks => _nodes.Select(node => node.Block);

    /// <summary>The maximal aligned blocks of the lanes with rows that are not held.</summary>
    public ImmutableArray<LaneBlock> Missing() =>
        AlignedBlocks.Of([.. Enumerable.Range(0, _empty.Length).Where(lane => !Covers(new LaneBlock(lane, 1)))]);

    /// <summary>Whether one block covers every lane.</summary>
    public bool IsWhole => _nodes.Count == 1 && _nodes[0].Block.Count == _empty.Length;

    /// <summary>The sum over all lanes, once whole.</summary>
    public ReadOnlySpan<float> Root => IsWhole ? _nodes[0].Values.Values : throw new InvalidOperationException("lanes are missing");

    /// <summary>Begins the next tree.</summary>
    /// <param name="empty">For each lane whether the plan leaves it without rows; not all are.</param>
    public void Begin(bool[] empty)
    {
        Release();
        _empty = empty;
    }

    /// <summary>Whether every lane of the block that has rows is held: then its sum adds nothing.</summary>
    public bool Covers(LaneBlock block)
    {
        for (var lane = block.First; lane < block.End; lane++)
        {
            if (!_empty[lane] && !_nodes.Exists(node => node.Block.Contains(lane)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes over the lease of a block's sum, or releases it if it adds nothing.</summary>
    public void Offer(LaneBlock block, TensorLease values)
    {
        if (Covers(block))
        {
            values.Release();
            return;
        }

        foreach (var node in _nodes.Where(node => block.Contains(node.Block)))
        {
            node.Values.Release();
        }

        _nodes.RemoveAll(node => block.Contains(node.Block));
        Fold(new Node(block, values, IsOwn: false));
    }

    /// <summary>The blocks held now, ascending, each with a ticket: from here on nothing is added into them (P5).</summary>
    public ImmutableArray<(LaneBlock Block, Ticket Sum)> Publish()
    {
        var published = ImmutableArray.CreateBuilder<(LaneBlock, Ticket)>(_nodes.Count);
        for (var i = 0; i < _nodes.Count; i++)
        {
            _nodes[i] = _nodes[i] with { IsOwn = false };
            published.Add((_nodes[i].Block, _nodes[i].Values.Publish()));
        }

        return published.MoveToImmutable();
    }

    public void Release()
    {
        foreach (var node in _nodes)
        {
            node.Values.Release();
        }

        _nodes.Clear();
    }

    /// <summary>Goes up the tree as long as the sibling is there or empty.</summary>
    private void Fold(Node node)
    {
        while (node.Block.Count < _empty.Length)
        {
            var (block, count) = (node.Block, node.Block.Count);
            var isLeft = block.First % (2 * count) == 0;
            var sibling = new LaneBlock(isLeft ? block.End : block.First - count, count);
            var parent = new LaneBlock(Math.Min(block.First, sibling.First), 2 * count);
            var index = _nodes.FindIndex(other => other.Block == sibling);
            if (index >= 0)
            {
                var other = _nodes[index];
                _nodes.RemoveAt(index);
                node = Sum(parent, isLeft ? node : other, isLeft ? other : node);
            }
            else if (!_empty.AsSpan(sibling.First, count).Contains(false))
            {
                node = SumWithEmpty(parent, node);
            }
            else
            {
                break;
            }
        }

        var place = _nodes.FindIndex(other => other.Block.First > node.Block.First);
        _nodes.Insert(place < 0 ? _nodes.Count : place, node);
    }

    private Node Sum(LaneBlock parent, Node left, Node right)
    {
        // A buffer of one's own may be written; a worker's is published and immutable (P5). The addition
        // commutes to the bit, so that either side may be the one that is added to.
        if (left.IsOwn || right.IsOwn)
        {
            var (kept, other) = left.IsOwn ? (left, right) : (right, left);
            LaneTree.Add(kept.Values.Values, other.Values.Values);
            other.Values.Release();
            return new Node(parent, kept.Values, IsOwn: true);
        }

        var sum = store.Rent(left.Values.Length);
        LaneTree.Add(left.Values.Values, right.Values.Values, sum.Values);
        left.Values.Release();
        right.Values.Release();
        return new Node(parent, sum, IsOwn: true);
    }

    private Node SumWithEmpty(LaneBlock parent, Node node)
    {
        if (!node.IsOwn)
        {
            var copy = store.Rent(node.Values.Length);
            node.Values.Values.CopyTo(copy.Values);
            node.Values.Release();
            node = new Node(node.Block, copy, IsOwn: true);
        }

        LaneTree.AddEmpty(node.Values.Values);
        return node with { Block = parent };
    }

    /// <param name="IsOwn">Rented here; else a lease of what somebody published.</param>
    private readonly record struct Node(LaneBlock Block, TensorLease Values, bool IsOwn);
}
