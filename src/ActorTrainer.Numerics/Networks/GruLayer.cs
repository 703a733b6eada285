using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// What both kinds of GRU share. A row of gates is [r z in blocks of 16 units | n | own columns], so that the
/// panel of a block holds both gates of its units and two such panels go with one of the candidate.
/// </summary>
internal abstract unsafe class GruLayer<TVector> : RecurrentLayer<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    private readonly AlignedBuffer _gates; // [time × rows × PreStride] activations, then gradients of the pre-activations
    private readonly AlignedBuffer _carry; // [rows × DeltaStride] gradient of h₋₁ that does not come through a product
    private readonly ColumnOrder _gateOrder;

    /// <param name="ownColumns">Columns behind those of n.</param>
    protected GruLayer(LayerShape shape, int maxTime, int maxRows, int ownColumns)
        : base(shape, maxTime, maxRows)
    {
        _gateOrder = ColumnOrder.Interleaved(2, shape.Units);
        CandidateOrder = ColumnOrder.Padded(shape.Units, PackedMatrix.PanelWidth);
        PreStride = LayerShape.Stride(shape.Columns.Columns + ownColumns);
        _gates = new AlignedBuffer(checked(maxTime * maxRows * (int)PreStride));
        _carry = new AlignedBuffer(maxRows * (int)DeltaStride);
    }

    public override int StateSize => Shape.Units;

    public override float* Pre => _gates.Pointer;

    public override nint PreStride { get; }

    /// <summary>Blocks of 16 units, a panel of r z each.</summary>
    protected int Blocks => _gateOrder.Columns / GruCell<TVector>.GateColumns;

    /// <summary>Panels of 32 units.</summary>
    protected int Panels => CandidateOrder.Columns / PackedMatrix.PanelWidth;

    /// <summary>First column of n in a row of gates.</summary>
    protected int Candidate => _gateOrder.Columns;

    protected ColumnOrder CandidateOrder { get; }

    protected float* Carry => _carry.Pointer;

    public override void AddGradients(
        int time,
        int rows,
        ReadOnlySpan<LaneRows> lanes,
        LaneBlock block,
        float* gradient,
        GradientWorkspace workspace,
        ScatterWorkspace scatter)
    {
        // Three left sides: r and z see x and h₋₁, n sees x, and what n sees of h₋₁ is a matter of the kind.
        var (w, u) = (Shape.Input!, Shape.Recurrent!);
        var bias = gradient + Shape.Bias!.Offset;
        var left = new TimeMajor(Left(0, rows), Stride, rows * Stride);
        var d = new TimeMajor(Pre, PreStride, rows * PreStride);
        var candidate = new TimeMajor(Pre + Candidate, PreStride, rows * PreStride);
        var (kept, product) = CandidateProduct(rows);
        WeightGradient<TVector>.Compute(
            left, Shape.Depth, d, _gateOrder, time, lanes, block, gradient + Shape.ForwardOffset, w.Columns, bias, workspace);
        WeightGradient<TVector>.Compute(
            left,
            InputColumns,
            candidate,
            CandidateOrder,
            time,
            lanes,
            block,
            gradient + w.Offset + (2 * Shape.Units),
            w.Columns,
            bias + (2 * Shape.Units),
            workspace);
        WeightGradient<TVector>.Compute(
            kept,
            Shape.Units,
            product,
            CandidateOrder,
            time,
            lanes,
            block,
            gradient + u.Offset + (2 * Shape.Units),
            u.Columns,
            Shape.RecurrentBias is null ? null : gradient + Shape.RecurrentBias.Offset,
            workspace);
        if (Shape.TakesSymbols)
        {
            Scatter(d, time, rows, lanes, block, gradient, scatter);
        }
    }

    public override void Dispose()
    {
        _gates.Dispose();
        _carry.Dispose();
        base.Dispose();
    }

    /// <summary>What U's part for n was multiplied with, and the gradient of that product.</summary>
    protected abstract (TimeMajor Left, TimeMajor Gradient) CandidateProduct(int rows);

    /// <summary>The hidden states that entered at step t.</summary>
    protected float* Before(int t, int rows) => Outputs + ((t - 1) * rows * Stride);

    /// <summary>r and z of one block, as activations.</summary>
    protected void Gates(LayerWeights weights, int t, int rows, int block)
    {
        var z = Pre + (t * rows * PreStride) + (block * GruCell<TVector>.GateColumns);
        Chains(weights, t, rows, block, 1, z, PreStride);
        RowActivation<TVector>.Sigmoid(z, PreStride, GruCell<TVector>.GateColumns, rows);
    }

    /// <summary>n's chains of one panel after x: b + W·x.</summary>
    protected void CandidateInput(LayerWeights weights, int t, int rows, int panel)
    {
        var n = Pre + (t * rows * PreStride) + Candidate + (panel * PackedMatrix.PanelWidth);
        if (Shape.TakesSymbols)
        {
            LookUp(weights, t, rows, Blocks + panel, 1, n, PreStride);
            return;
        }

        Multiply(
            Left(t, rows), Stride, rows, weights.Forward.Slice(Blocks + panel, 1).Rows(0, InputColumns), n, PreStride, ProductStart.Bias);
    }

    /// <summary>U's part for n, one panel.</summary>
    protected PackedSlice CandidateRecurrent(LayerWeights weights, int panel) =>
        weights.Forward.Slice(Blocks + panel, 1).Rows(InputColumns, Shape.Units);

    /// <summary>Continues the gradient of the hidden states of step t, one panel.</summary>
    protected void ContinueDelta(LayerWeights weights, int t, int time, int rows, int panel) => Continue(
        weights.RecurrentTransposed.Slice(panel, 1),
        Delta + (t * rows * DeltaStride) + (panel * PackedMatrix.PanelWidth),
        t,
        time,
        rows);

    /// <summary>The blocks of a panel, which may be one at the end.</summary>
    protected int EndOfPanel(int panel) => Math.Min(Blocks, (panel + 1) * (PackedMatrix.PanelWidth / GruCell<TVector>.BlockUnits));
}
