using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Kernels;

/// <summary>What a kernel does with each element, as a type so that the loop is compiled around it.</summary>
internal interface IElementFunction
{
    /// <param name="x">Elements of the first argument.</param>
    /// <param name="y">Elements of the second argument; +0 for a kernel of one argument.</param>
    TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector>;
}

internal readonly struct AddFunction : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector> => x + y;
}

internal readonly struct MultiplyFunction : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector> => x * y;
}

internal readonly struct AddScaledFunction(float scale) : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector> => TVector.FusedMultiplyAdd(TVector.Create(scale), x, y);
}

internal readonly struct ScaleFunction(float scale) : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector> => TVector.Create(scale) * x;
}

internal readonly struct ExpFunction : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector> => VectorFunctions<TVector>.Exp(x);
}

internal readonly struct SigmoidFunction : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector> => VectorFunctions<TVector>.Sigmoid(x);
}

internal readonly struct TanhFunction : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector> => VectorFunctions<TVector>.Tanh(x);
}

internal readonly struct LogFunction : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector> => VectorFunctions<TVector>.Log(x);
}

internal readonly struct ReluFunction : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector> =>
        TVector.Select(TVector.LessThan(x, TVector.Zero), TVector.Zero, x);
}

internal readonly struct SigmoidGradientFunction : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector> => y * TVector.FusedMultiplyAdd(-x, x, x);
}

internal readonly struct TanhGradientFunction : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector> => y * TVector.FusedMultiplyAdd(-x, x, TVector.Create(1f));
}

internal readonly struct ReluGradientFunction : IElementFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector>(TVector x, TVector y)
        where TVector : unmanaged, IVector<TVector> =>
        TVector.Select(TVector.GreaterThan(x, TVector.Zero), y, TVector.Zero);
}
