using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>h = tanh(W·x + U·h₋₁ + b), panel by panel so that tanh finds its panel in the cache.</summary>
internal sealed unsafe class ElmanLayer<TVector>(LayerShape shape, int maxTime, int maxRows)
    : RecurrentLayer<TVector>(shape, maxTime, maxRows)
    where TVector : unmanaged, IVector<TVector>
{
    public override int StateSize => Shape.Units;

    public override void Backward(LayerWeights weights, Layer<TVector>? below, int time, int rows)
    {
        var panels = Shape.Columns.Columns / PackedMatrix.PanelWidth;
        for (var t = time - 1; t >= 0; t--)
        {
            var delta = Delta + (t * rows * DeltaStride);
            for (var panel = 0; panel < panels; panel++)
            {
                var column = panel * PackedMatrix.PanelWidth;
                if (t + 1 < time)
                {
                    Multiply(
                        delta + (rows * DeltaStride),
                        DeltaStride,
                        rows,
                        weights.RecurrentTransposed.Slice(panel, 1),
                        delta + column,
                        DeltaStride,
                        ProductStart.Continue);
                }

                Differentiate(Outputs + (t * rows * Stride) + column, Stride, delta + column, DeltaStride, rows);
            }

            if (below is not null)
            {
                PassDown(weights, below, t, rows);
            }
        }
    }

    protected override void Forward(LayerWeights weights, int time, int rows)
    {
        var panels = Shape.Columns.Columns / PackedMatrix.PanelWidth;
        for (var t = 0; t < time; t++)
        {
            Enter(t, rows);
            for (var panel = 0; panel < panels; panel++)
            {
                var z = Outputs + (t * rows * Stride) + (panel * PackedMatrix.PanelWidth);
                Chains(weights, t, rows, panel, 1, z, Stride);
                RowActivation<TVector>.Tanh(z, Stride, PackedMatrix.PanelWidth, rows);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate(float* y, nint stride, float* delta, nint deltaStride, int rows)
    {
        var one = TVector.Create(1f);
        for (var row = 0; row < rows; row++, y += stride, delta += deltaStride)
        {
            for (var j = 0; j < PackedMatrix.PanelWidth; j += TVector.Count)
            {
                var value = TVector.Load(y + j);
                (TVector.Load(delta + j) * TVector.FusedMultiplyAdd(-value, value, one)).Store(delta + j);
            }
        }
    }
}
