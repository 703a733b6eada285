using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Products;

/// <summary>
/// Memory of the weight gradients of one compute thread, allocated once and used for every layer.
/// </summary>
public sealed unsafe class GradientWorkspace : IDisposable
{
    /// <summary>Rows of a lane that are taken at a time: a panel of them, 16 KB, stays in the first cache.</summary>
    internal const int Piece = 128;

    /// <summary>Inputs of a group of tiles: whole strips of every width.</summary>
    internal const int GroupInputs = 528;

    /// <summary>Floats of a group, 265 KB: four panels of so many inputs and a bias, or more panels of fewer.</summary>
    internal const int GroupFloats = 4 * (GroupInputs + 1) * PackedMatrix.PanelWidth;

    /// <summary>Up to here a panel of all lanes is packed at once.</summary>
    internal const int FewPositions = 512;

    private readonly AlignedBuffer _panel;
    private readonly AlignedBuffer _edge = new(FewPositions * PackedMatrix.PanelWidth);
    private readonly AlignedBuffer _copied;
    private readonly AlignedBuffer _stack;
    private readonly int _zeros;

    /// <param name="maxTime">Time steps of the longest batch.</param>
    /// <param name="maxRows">Rows of the largest batch.</param>
    /// <param name="maxInputs">Inputs of the widest layer.</param>
    /// <param name="maxLanes">Lanes of the largest block.</param>
    /// <param name="width">Of the vectors that are used.</param>
    public GradientWorkspace(int maxTime, int maxRows, int maxInputs, int maxLanes, VectorWidth width)
    {
        Positions = checked(maxTime * maxRows);
        Inputs = maxInputs;
        Lanes = maxLanes;
        _panel = new AlignedBuffer(FewPositions * PackedMatrix.PanelWidth);
        var copied = width == VectorWidth.Bits512
            ? GradientInputs<V512>.MostCopiedFloats(maxInputs)
            : GradientInputs<V256>.MostCopiedFloats(maxInputs);
        _copied = new AlignedBuffer(checked(Positions * copied));

        // The groups of the tree, and a row of zeros, where the chains start.
        _zeros = checked(LaneTree.StackDepth(maxLanes) * GroupFloats);
        _stack = new AlignedBuffer(_zeros + PackedMatrix.PanelWidth);
    }

    internal int Positions { get; }

    internal int Inputs { get; }

    internal int Lanes { get; }

    /// <summary>[positions × 32] a panel of d in the order of the chains.</summary>
    internal float* Panel => _panel.Pointer;

    /// <summary>[positions × 32] columns of d beside zeros, where d ends within a panel.</summary>
    internal float* Edge => _edge.Pointer;

    /// <summary>Strips of the left side that are not read where they are, piece after piece.</summary>
    internal float* CopiedInputs => _copied.Pointer;

    /// <summary>Tiles, or groups of tiles, on the lane tree; the biases of a panel before its first tile.</summary>
    internal float* Stack => _stack.Pointer;

    /// <summary>[32] +0.</summary>
    internal float* Zeros => _stack.Pointer + _zeros;

    public void Dispose()
    {
        _panel.Dispose();
        _edge.Dispose();
        _copied.Dispose();
        _stack.Dispose();
    }
}
