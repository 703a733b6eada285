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

    private readonly AlignedBuffer _inputs;
    private readonly AlignedBuffer _panel;
    private readonly AlignedBuffer _stack;

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
        _panel = new AlignedBuffer(checked(Positions * PackedMatrix.PanelWidth));
        _stack = new AlignedBuffer((LaneTree.StackDepth(maxLanes) + 1) * TileFloats);
    }

    internal int Positions { get; }

    internal int Inputs { get; }

    internal int Lanes { get; }

    /// <summary>[inputs/8 × positions × 8] the left side in the order of the chains.</summary>
    internal float* PackedInputs => _inputs.Pointer;

    /// <summary>[positions × 32] one panel of columns in the order of the chains.</summary>
    internal float* Panel => _panel.Pointer;

    /// <summary>Tiles of the lane tree.</summary>
    internal float* Stack => _stack.Pointer;

    public void Dispose()
    {
        _inputs.Dispose();
        _panel.Dispose();
        _stack.Dispose();
    }
}
