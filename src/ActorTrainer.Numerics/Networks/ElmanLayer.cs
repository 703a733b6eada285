using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Kernels;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>h = tanh(W·x + U·h₋₁ + b), panel by panel so that tanh finds its panel in the cache.</summary>
internal sealed unsafe class ElmanLayer<TVector>(LayerShape shape, int maxTime, int maxRows)
    : RecurrentLayer<TVector>(shape, maxTime, maxRows)
    where TVector : unmanaged, IVector<TVector>
{
    public override int StateSize => Shape.Units;

    public override void Backward(LayerWeights weights, int time, int rows)
    {
        var step = rows * Stride;
        var panels = Shape.Columns.Columns / PackedMatrix.PanelWidth;
        for (var t = time - 1; t >= 0; t--)
        {
            for (var panel = 0; panel < panels; panel++)
            {
                var column = panel * PackedMatrix.PanelWidth;
                var d = Delta + (t * step) + column;
                if (t + 1 < time)
                {
                    Multiply(
                        Delta + ((t + 1) * step), Stride, rows, weights.RecurrentTransposed.Slice(panel, 1), d, Stride, ProductStart.Continue);
                }

                Differentiate(Outputs + (t * step) + column, d, Stride, rows);
            }
        }
    }

    protected override void Forward(LayerWeights weights, int time, int rows)
    {
        var step = rows * Stride;
        var panels = Shape.Columns.Columns / PackedMatrix.PanelWidth;
        for (var t = 0; t < time; t++)
        {
            var before = Outputs + ((t - 1) * step);
            for (var panel = 0; panel < panels; panel++)
            {
                var z = Outputs + (t * step) + (panel * PackedMatrix.PanelWidth);
                StartChains(weights, t, rows, panel, 1, z, Stride);
                Multiply(before, Stride, rows, weights.Recurrent.Slice(panel, 1), z, Stride, ProductStart.Continue);
                Activate(z, Stride, rows);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Activate(float* z, nint stride, int rows)
    {
        for (var row = 0; row < rows; row++, z += stride)
        {
            for (var j = 0; j < PackedMatrix.PanelWidth; j += TVector.Count)
            {
                VectorFunctions<TVector>.Tanh(TVector.Load(z + j)).Store(z + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate(float* y, float* delta, nint stride, int rows)
    {
        var one = TVector.Create(1f);
        for (var row = 0; row < rows; row++, y += stride, delta += stride)
        {
            for (var j = 0; j < PackedMatrix.PanelWidth; j += TVector.Count)
            {
                var value = TVector.Load(y + j);
                (TVector.Load(delta + j) * TVector.FusedMultiplyAdd(-value, value, one)).Store(delta + j);
            }
        }
    }
}
