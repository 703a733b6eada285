using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Products;

/// <summary>Memory of the gradients of looked-up rows of one compute thread, allocated once.</summary>
public sealed unsafe class ScatterWorkspace : IDisposable
{
    private readonly AlignedBuffer _stack;

    /// <param name="maxTime">Time steps of the longest batch.</param>
    /// <param name="maxRows">Rows of the largest batch.</param>
    /// <param name="symbols">Rows of the largest table that is looked up.</param>
    /// <param name="maxLanes">Lanes of the largest block.</param>
    public ScatterWorkspace(int maxTime, int maxRows, int symbols, int maxLanes)
    {
        Symbols = symbols;
        Lanes = maxLanes;
        Starts = new int[symbols + 1];
        Offsets = new nint[checked(maxTime * maxRows)];
        LanesOfOffsets = new int[Offsets.Length];
        _stack = new AlignedBuffer((LaneTree.StackDepth(maxLanes) + 1) * PackedMatrix.PanelWidth);
    }

    internal int Symbols { get; }

    internal int Lanes { get; }

    /// <summary>[symbols + 1] where each symbol's positions begin.</summary>
    internal int[] Starts { get; }

    /// <summary>[time · rows] where each position's gradient is, by symbol, then in the order of the chains.</summary>
    internal nint[] Offsets { get; }

    /// <summary>[time · rows] the lane of each position.</summary>
    internal int[] LanesOfOffsets { get; }

    /// <summary>Pieces of rows on the lane tree.</summary>
    internal float* Stack => _stack.Pointer;

    public void Dispose() => _stack.Dispose();
}
