using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>A row of weights for each symbol.</summary>
internal sealed unsafe class EmbeddingLayer<TVector>(LayerShape shape, int maxTime, int maxRows)
    : Layer<TVector>(shape, maxTime, maxRows)
    where TVector : unmanaged, IVector<TVector>
{
    public override void Backward(LayerWeights weights, Layer<TVector>? below, int time, int rows)
    {
        // The gradient of the outputs is that of the rows that were looked up.
    }

    public override void AddGradients(
        int time,
        int rows,
        ReadOnlySpan<LaneRows> lanes,
        LaneBlock block,
        float* gradient,
        GradientWorkspace workspace,
        ScatterWorkspace scatter) =>
        Scatter(new TimeMajor(Delta, DeltaStride, rows * DeltaStride), time, rows, lanes, block, gradient, scatter);

    protected override void Forward(LayerWeights weights, int time, int rows)
    {
        for (var item = 0; item < time * rows; item++)
        {
            new ReadOnlySpan<float>(weights.Embedding + ((nint)Input.Symbols[item] * Shape.Units), Shape.Units)
                .CopyTo(new Span<float>(Outputs + (item * Stride), Shape.Units));
        }
    }
}
