using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// Gives on, once per row, what the layer below gave at the row's last valid step; gradients go back to that
/// step only, the others get +0.
/// </summary>
internal sealed unsafe class LastStepLayer<TVector>(LayerShape shape, int maxRows) : Layer<TVector>(shape, maxTime: 1, maxRows)
    where TVector : unmanaged, IVector<TVector>
{
    /// <param name="time">Steps of the layer below, which the rows end within.</param>
    public override void Backward(LayerWeights weights, Layer<TVector>? below, int time, int rows)
    {
        new Span<float>(below!.Delta, time * rows * (int)below.DeltaStride).Clear();
        for (var row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(Delta + (row * DeltaStride), Shape.Units)
                .CopyTo(new Span<float>(below.Delta + (((Lengths[row] - 1) * rows) + row) * below.DeltaStride, Shape.Units));
        }
    }

    protected override void Forward(LayerWeights weights, int time, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(Input.Values + ((((Lengths[row] - 1) * rows) + row) * Input.Stride), Shape.Units)
                .CopyTo(new Span<float>(Outputs + (row * Stride), Shape.Units));
        }
    }
}
