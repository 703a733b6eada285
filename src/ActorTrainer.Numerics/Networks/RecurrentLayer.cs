using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// What layers with a hidden state share. A row of the working buffer holds what enters at step t right
/// before the hidden state that enters there, so that both are one left side, [x | h₋₁], of one product
/// with W and U (B2), forward and for the weight gradients.
/// </summary>
internal abstract unsafe class RecurrentLayer<TVector>(LayerShape shape, int maxTime, int maxRows)
    : Layer<TVector>(shape, maxTime, maxRows, leading: shape.TakesSymbols ? 0 : (shape.Inputs + 15) / 16 * 16)
    where TVector : unmanaged, IVector<TVector>
{
    private readonly AlignedBuffer _ended = new(maxRows * PackedMatrix.PanelWidth); // a panel of what rows that end have from above

    /// <summary>Columns of x in the left side; none where symbols are looked up.</summary>
    protected int InputColumns { get; } = shape.TakesSymbols ? 0 : shape.Inputs;

    public override void LoadState(float* state, int stride, int rows) =>
        CopyRows(state, stride, Outputs - (rows * Stride), Stride, Shape.Units, rows);

    public override void StoreState(float* state, int stride, int time, int rows) =>
        CopyRows(Outputs + ((time - 1) * rows * Stride), Stride, state, stride, Shape.Units, rows);

    public override void AddGradients(
        int time,
        int rows,
        ReadOnlySpan<LaneRows> lanes,
        LaneBlock block,
        float* gradient,
        GradientWorkspace workspace,
        ScatterWorkspace scatter)
    {
        var d = new TimeMajor(Pre, PreStride, rows * PreStride);
        WeightGradient<TVector>.Compute(
            new TimeMajor(Left(0, rows), Stride, rows * Stride),
            Shape.Depth,
            d,
            Shape.Columns,
            time,
            lanes,
            block,
            gradient + Shape.ForwardOffset,
            Shape.Input!.Columns,
            gradient + Shape.Bias!.Offset,
            workspace);
        if (Shape.TakesSymbols)
        {
            Scatter(d, time, rows, lanes, block, gradient, scatter);
        }
    }

    public override void Dispose()
    {
        _ended.Dispose();
        base.Dispose();
    }

    /// <summary>Sets what rows that have ended by step t would give on to zeros.</summary>
    protected void ClearPadding(float* values, nint stride, int t, int rows)
    {
        for (var row = 0; IsPadded && row < rows; row++)
        {
            if (Lengths[row] <= t)
            {
                new Span<float>(values + (row * stride), Shape.Units).Clear();
            }
        }
    }

    /// <summary>
    /// Gradient of the hidden states of step t, one panel: what comes from above goes on over the columns of U
    /// with the pre-activation gradients of the step after, if the row has one.
    /// </summary>
    /// <param name="panel">Of U, transposed.</param>
    /// <param name="delta">The panel of step t, from above; continued.</param>
    protected void Continue(PackedSlice panel, float* delta, int t, int time, int rows)
    {
        if (t + 1 >= time)
        {
            return;
        }

        var next = Pre + ((t + 1) * rows * PreStride);
        if (!IsPadded)
        {
            Multiply(next, PreStride, rows, panel, delta, DeltaStride, ProductStart.Continue);
            return;
        }

        // Nothing follows a row's last step. Adding the zeros of its padding could turn −0 into +0.
        CopyRows(delta, DeltaStride, _ended.Pointer, PackedMatrix.PanelWidth, PackedMatrix.PanelWidth, rows);
        Multiply(next, PreStride, rows, panel, delta, DeltaStride, ProductStart.Continue);
        for (var row = 0; row < rows; row++)
        {
            if (Lengths[row] <= t + 1)
            {
                var own = _ended.Pointer + (row * PackedMatrix.PanelWidth);
                CopyRows(own, 0, delta + (row * DeltaStride), 0, PackedMatrix.PanelWidth, 1);
            }
        }
    }

    /// <summary>
    /// The chains of step t (B2), panels [firstPanel, …): x and h₋₁ are written side by side by
    /// <see cref="Enter"/> and by the step before.
    /// </summary>
    protected void Chains(LayerWeights weights, int t, int rows, int firstPanel, int panels, float* z, nint stride)
    {
        if (Shape.TakesSymbols)
        {
            LookUp(weights, t, rows, firstPanel, panels, z, stride);
        }

        Multiply(
            Left(t, rows),
            Stride,
            rows,
            weights.Forward.Slice(firstPanel, panels),
            z,
            stride,
            Shape.TakesSymbols ? ProductStart.Continue : ProductStart.Bias);
    }

    /// <summary>Puts what enters at step t before the hidden state that enters there.</summary>
    protected void Enter(int t, int rows)
    {
        if (InputColumns > 0)
        {
            CopyRows(Input.Values + (t * rows * Input.Stride), Input.Stride, Left(t, rows), Stride, InputColumns, rows);
        }
    }

    /// <summary>[x | h₋₁] of step t.</summary>
    protected float* Left(int t, int rows) => Outputs + ((t - 1) * rows * Stride) - InputColumns;

    protected static void CopyRows(float* from, nint fromStride, float* to, nint toStride, int columns, int rows)
    {
        for (var row = 0; row < rows; row++, from += fromStride, to += toStride)
        {
            new ReadOnlySpan<float>(from, columns).CopyTo(new Span<float>(to, columns));
        }
    }
}
