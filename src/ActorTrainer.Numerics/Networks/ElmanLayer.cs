using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>h = f(W·x + U·h₋₁ + b), f = tanh or relu, panel by panel so that f finds its panel in the cache.</summary>
internal sealed unsafe class ElmanLayer<TVector>(LayerShape shape, int maxTime, int maxRows)
    : RecurrentLayer<TVector>(shape, maxTime, maxRows)
    where TVector : unmanaged, IVector<TVector>
{
    private readonly bool _isRelu = shape.Spec is LayerSpec.Elman { Activation: Activation.Relu };

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
                Continue(weights.RecurrentTransposed.Slice(panel, 1), delta + column, t, time, rows);
                var y = Outputs + (t * rows * Stride) + column;
                if (_isRelu)
                {
                    DifferentiateRelu(y, Stride, delta + column, DeltaStride, rows);
                }
                else
                {
                    DifferentiateTanh(y, Stride, delta + column, DeltaStride, rows);
                }
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
                if (_isRelu)
                {
                    RowActivation<TVector>.Relu(z, Stride, PackedMatrix.PanelWidth, rows);
                }
                else
                {
                    RowActivation<TVector>.Tanh(z, Stride, PackedMatrix.PanelWidth, rows);
                }
            }

            ClearPadding(Outputs + (t * rows * Stride), Stride, t, rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DifferentiateTanh(float* y, nint stride, float* delta, nint deltaStride, int rows)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DifferentiateRelu(float* y, nint stride, float* delta, nint deltaStride, int rows)
    {
        for (var row = 0; row < rows; row++, y += stride, delta += deltaStride)
        {
            for (var j = 0; j < PackedMatrix.PanelWidth; j += TVector.Count)
            {
                var active = TVector.GreaterThan(TVector.Load(y + j), TVector.Zero);
                TVector.Select(active, TVector.Load(delta + j), TVector.Zero).Store(delta + j);
            }
        }
    }
}
