using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Kernels;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>y = f(W·x + b) at every time step; also the output layer, which is linear.</summary>
internal sealed unsafe class DenseLayer<TVector>(LayerShape shape, int maxTime, int maxRows)
    : Layer<TVector>(shape, maxTime, maxRows)
    where TVector : unmanaged, IVector<TVector>
{
    private readonly Activation _activation = shape.Spec is LayerSpec.Dense dense ? dense.Activation : Activation.Linear;

    public override void Backward(LayerWeights weights, int time, int rows)
    {
        if (_activation != Activation.Linear)
        {
            Differentiate(_activation, Outputs, Delta, Stride, time * rows, Shape.Columns.Columns);
        }
    }

    protected override void Forward(LayerWeights weights, int time, int rows)
    {
        // Without a memory time steps are rows like others.
        if (Shape.TakesSymbols)
        {
            StartChains(weights, 0, time * rows, 0, Shape.Columns.Columns / PackedMatrix.PanelWidth, Outputs, Stride);
        }
        else
        {
            Multiply(Input.Values, Input.Stride, time * rows, weights.Input.All, Outputs, Stride, ProductStart.Bias);
        }

        if (_activation != Activation.Linear)
        {
            Activate(_activation, Outputs, Stride, time * rows, Shape.Columns.Columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Activate(Activation activation, float* y, nint stride, int rows, int columns)
    {
        for (var row = 0; row < rows; row++, y += stride)
        {
            for (var j = 0; j < columns; j += TVector.Count)
            {
                var z = TVector.Load(y + j);
                var value = activation switch
                {
                    Activation.Sigmoid => VectorFunctions<TVector>.Sigmoid(z),
                    Activation.Tanh => VectorFunctions<TVector>.Tanh(z),
                    _ => TVector.Max(z, TVector.Zero),
                };
                value.Store(y + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate(Activation activation, float* y, float* delta, nint stride, int rows, int columns)
    {
        var one = TVector.Create(1f);
        for (var row = 0; row < rows; row++, y += stride, delta += stride)
        {
            for (var j = 0; j < columns; j += TVector.Count)
            {
                var value = TVector.Load(y + j);
                var d = TVector.Load(delta + j);
                var pre = activation switch
                {
                    Activation.Sigmoid => d * (value * (one - value)),
                    Activation.Tanh => d * TVector.FusedMultiplyAdd(-value, value, one),
                    _ => TVector.Select(TVector.GreaterThan(value, TVector.Zero), d, TVector.Zero),
                };
                pre.Store(delta + j);
            }
        }
    }
}
