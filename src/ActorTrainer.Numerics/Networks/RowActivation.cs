using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Kernels;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>Activations in place, over the columns of some rows.</summary>
/// <remarks>
/// One function to a loop: several in one exceed what the compiler is ready to inline, and run eight
/// times slower.
/// </remarks>
internal static unsafe class RowActivation<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    /// <param name="z">[rows × stride]; columns up to a whole vector are overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sigmoid(float* z, nint stride, int columns, int rows)
    {
        for (var row = 0; row < rows; row++, z += stride)
        {
            for (var j = 0; j < columns; j += TVector.Count)
            {
                VectorFunctions<TVector>.Sigmoid(TVector.Load(z + j)).Store(z + j);
            }
        }
    }

    /// <inheritdoc cref="Sigmoid"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tanh(float* z, nint stride, int columns, int rows)
    {
        for (var row = 0; row < rows; row++, z += stride)
        {
            for (var j = 0; j < columns; j += TVector.Count)
            {
                VectorFunctions<TVector>.Tanh(TVector.Load(z + j)).Store(z + j);
            }
        }
    }

    /// <inheritdoc cref="Sigmoid"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Relu(float* z, nint stride, int columns, int rows)
    {
        for (var row = 0; row < rows; row++, z += stride)
        {
            for (var j = 0; j < columns; j += TVector.Count)
            {
                TVector.Max(TVector.Load(z + j), TVector.Zero).Store(z + j);
            }
        }
    }
}
