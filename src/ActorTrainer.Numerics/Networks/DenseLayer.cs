using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>y = f(W·x + b) at every time step; also the output layer, which is linear.</summary>
internal sealed unsafe class DenseLayer<TVector>(LayerShape shape, int maxTime, int maxRows)
    : Layer<TVector>(shape, maxTime, maxRows)
    where TVector : unmanaged, IVector<TVector>
{
    private readonly Activation _activation = shape.Spec is LayerSpec.Dense dense ? dense.Activation : Activation.Linear;

    public override void Backward(LayerWeights weights, Layer<TVector>? below, int time, int rows)
    {
        if (_activation != Activation.Linear)
        {
            Differentiate(_activation, Outputs, Stride, Delta, DeltaStride, time * rows, Shape.Columns.Columns);
        }

        if (below is not null)
        {
            PassDown(weights, below, 0, time * rows);
        }
    }

    protected override void Forward(LayerWeights weights, int time, int rows)
    {
        // Without a memory time steps are rows like others.
        if (Shape.TakesSymbols)
        {
            LookUp(weights, 0, time * rows, 0, Shape.Columns.Columns / PackedMatrix.PanelWidth, Outputs, Stride);
        }
        else
        {
            Multiply(Input.Values, Input.Stride, time * rows, weights.Forward.All, Outputs, Stride, ProductStart.Bias);
        }

        switch (_activation)
        {
            case Activation.Sigmoid:
                RowActivation<TVector>.Sigmoid(Outputs, Stride, Shape.Columns.Columns, time * rows);
                break;
            case Activation.Tanh:
                RowActivation<TVector>.Tanh(Outputs, Stride, Shape.Columns.Columns, time * rows);
                break;
            case Activation.Relu:
                RowActivation<TVector>.Relu(Outputs, Stride, Shape.Columns.Columns, time * rows);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Differentiate(
        Activation activation, float* y, nint stride, float* delta, nint deltaStride, int rows, int columns)
    {
        var one = TVector.Create(1f);
        for (var row = 0; row < rows; row++, y += stride, delta += deltaStride)
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
