using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Products;

/// <summary>
/// Memory of the weight gradients of one compute thread, allocated once and used for every layer.
/// </summary>
public sealed unsafe class GradientWorkspace : IDisposable
{
    /// <summary>Inputs of a tile, the rows of a weight matrix that are computed together.</summary>
    internal const int TileInputs = 8;

    internal const int TileFloats = TileInputs * PackedMatrix.PanelWidth;

    /// <summary>Rows of a lane that are taken at a time: 16 KB of a panel.</summary>
    internal const int Piece = 256;

    private const int LargestBlockInputs = 128;

    private const int LargestBlockPanels = 4;

    private readonly AlignedBuffer _inputs;
    private readonly AlignedBuffer _panels;
    private readonly AlignedBuffer _stack;
    private readonly int _zeros;

    /// <param name="maxTime">Time steps of the longest batch.</param>
    /// <param name="maxRows">Rows of the largest batch.</param>
    /// <param name="maxInputs">Inputs of the widest layer.</param>
    /// <param name="maxLanes">Lanes of the largest block.</param>
    public GradientWorkspace(int maxTime, int maxRows, int maxInputs, int maxLanes)
    {
        Positions = checked(maxTime * maxRows);
        Inputs = (maxInputs + TileInputs - 1) / TileInputs * TileInputs;
        Lanes = maxLanes;
        _inputs = new AlignedBuffer(checked(Positions * Inputs));
        _panels = new AlignedBuffer(checked(Positions * PackedMatrix.PanelWidth * LargestBlockPanels));

        // Behind the stack stands a row of zeros, where the chains start.
        var group = LargestBlockInputs / TileInputs * LargestBlockPanels * TileFloats;
        _zeros = (LaneTree.StackDepth(maxLanes) + 1) * group;
        _stack = new AlignedBuffer(_zeros + PackedMatrix.PanelWidth);
    }

    internal int Positions { get; }

    internal int Inputs { get; }

    internal int Lanes { get; }

    /// <summary>[inputs/8 × positions × 8] the left side in the order of the chains.</summary>
    internal float* PackedInputs => _inputs.Pointer;

    /// <summary>[4 × positions × 32] panels of columns in the order of the chains.</summary>
    internal float* Panels => _panels.Pointer;

    /// <summary>Groups of tiles on the lane tree.</summary>
    internal float* Stack => _stack.Pointer;

    /// <summary>[32] +0.</summary>
    internal float* Zeros => _stack.Pointer + _zeros;

    /// <summary>
    /// Inputs and panels that are computed together. Over many rows a group of tiles shares what it
    /// reads while that is in the second cache; over few, single tiles keep the lane tree in the first.
    /// </summary>
    internal static (int Inputs, int Panels) BlockOf(int positions) =>
        positions > 1024 ? (LargestBlockInputs, LargestBlockPanels) : (TileInputs, 1);

    public void Dispose()
    {
        _inputs.Dispose();
        _panels.Dispose();
        _stack.Dispose();
    }
}
