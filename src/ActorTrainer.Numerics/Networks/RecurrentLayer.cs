using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>What layers with a hidden state share: the state carried in stands before the first step's outputs.</summary>
internal abstract unsafe class RecurrentLayer<TVector>(LayerShape shape, int maxTime, int maxRows)
    : Layer<TVector>(shape, maxTime, maxRows)
    where TVector : unmanaged, IVector<TVector>
{
    public override void LoadState(float* state, int stride, int rows) =>
        CopyRows(state, stride, Outputs - (rows * Stride), Stride, rows);

    public override void StoreState(float* state, int stride, int time, int rows) =>
        CopyRows(Outputs + ((time - 1) * rows * Stride), Stride, state, stride, rows);

    public override void AddGradients(
        int time,
        int rows,
        ReadOnlySpan<LaneRows> lanes,
        LaneBlock block,
        float* gradient,
        GradientWorkspace workspace,
        ScatterWorkspace scatter)
    {
        base.AddGradients(time, rows, lanes, block, gradient, workspace, scatter);

        // The hidden state that enters step t stands one step before its outputs.
        WeightGradient<TVector>.Compute(
            new TimeMajor(Outputs - (rows * Stride), Stride, rows * Stride),
            Shape.Units,
            new TimeMajor(Pre, PreStride, rows * PreStride),
            Shape.Columns,
            time,
            lanes,
            block,
            gradient + Shape.Recurrent!.Offset,
            Shape.Recurrent.Columns,
            null,
            workspace);
    }

    protected void CopyRows(float* from, nint fromStride, float* to, nint toStride, int rows)
    {
        for (var row = 0; row < rows; row++, from += fromStride, to += toStride)
        {
            new ReadOnlySpan<float>(from, Shape.Units).CopyTo(new Span<float>(to, Shape.Units));
        }
    }
}
