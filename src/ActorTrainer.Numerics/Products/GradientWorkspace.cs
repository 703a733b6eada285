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

    /// <summary>Rows of a lane that are taken at a time, with all panels of a group: 64 KB, one panel 16.</summary>
    internal const int Piece = 128;

    /// <summary>Panels and inputs of a group of tiles: at most 256 KB.</summary>
    internal const int GroupPanels = 4;

    internal const int GroupInputs = 512;

    /// <summary>Up to here a panel of all rows fits where pieces of a group's panels stand.</summary>
    internal const int FewPositions = Piece * GroupPanels;

    private readonly AlignedBuffer _inputs;
    private readonly AlignedBuffer _panels;
    private readonly AlignedBuffer _stack;
    private readonly int _biasStack;
    private readonly int _zeros;

    /// <param name="maxTime">Time steps of the longest batch.</param>
    /// <param name="maxRows">Rows of the largest batch.</param>
    /// <param name="maxInputs">Inputs of the widest layer.</param>
    /// <param name="maxLanes">Lanes of the largest block.</param>
    public GradientWorkspace(int maxTime, int maxRows, int maxInputs, int maxLanes)
    {
        Positions = checked(maxTime * maxRows);
        Inputs = Padded(maxInputs);
        Lanes = maxLanes;
        _inputs = new AlignedBuffer(checked(Positions * Inputs));
        _panels = new AlignedBuffer(FewPositions * PackedMatrix.PanelWidth);

        // The tiles of the tree, its biases, and a row of zeros, where the chains start.
        var depth = LaneTree.StackDepth(maxLanes) + 1;
        var strips = (Math.Min(Inputs, GroupInputs) / TileInputs) + 1;
        _biasStack = depth * strips * GroupPanels * TileFloats;
        _zeros = _biasStack + (depth * GroupPanels * PackedMatrix.PanelWidth);
        _stack = new AlignedBuffer(_zeros + PackedMatrix.PanelWidth);
    }

    internal int Positions { get; }

    internal int Inputs { get; }

    internal int Lanes { get; }

    /// <summary>The left side in the order of the chains, piece after piece: [inputs/8 × rows of the piece × 8].</summary>
    internal float* PackedInputs => _inputs.Pointer;

    /// <summary>Panels of columns in the order of the chains: [4 × 256 × 32], or [positions × 32].</summary>
    internal float* Panels => _panels.Pointer;

    /// <summary>Tiles, or groups of tiles, on the lane tree.</summary>
    internal float* Stack => _stack.Pointer;

    /// <summary>Biases of a group on the lane tree.</summary>
    internal float* BiasStack => _stack.Pointer + _biasStack;

    /// <summary>[32] +0.</summary>
    internal float* Zeros => _stack.Pointer + _zeros;

    /// <summary>Inputs with those that fill the last tile.</summary>
    internal static int Padded(int inputs) => (inputs + TileInputs - 1) / TileInputs * TileInputs;

    public void Dispose()
    {
        _inputs.Dispose();
        _panels.Dispose();
        _stack.Dispose();
    }
}
