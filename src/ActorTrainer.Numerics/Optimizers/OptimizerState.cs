using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Optimizers;

/// <summary>
/// What an optimizer remembers about a range of parameters. Every element is moved by itself, so a
/// range (a shard) behaves exactly as that part of the whole, and the width of the vectors moves no bit.
/// </summary>
/// <remarks>
/// A step that is skipped (N = 0 in B5, a factor of 0) is skipped by not calling <see cref="Apply"/>:
/// then nothing moves, the powers of the betas included. A step's scalars are computed in double: the
/// powers β^t by repeated multiplication, kept here (B8).
/// </remarks>
public sealed class OptimizerState
{
    private const int HeaderBytes = 24;

    private readonly VectorWidth _width;
    private readonly float[][] _slots;
    private readonly OptimizerSpec.AdamW? _adam; // Adam too, as what it is without decay
    private double _power1 = 1;
    private double _power2 = 1;

    /// <param name="length">Parameters of the range.</param>
    /// <param name="width">Bits of the vectors to compute with; the widest of this machine when left out.</param>
    /// <exception cref="ArgumentException">A constant of the spec is outside its range.</exception>
    public OptimizerState(OptimizerSpec spec, int length, VectorWidth? width = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        OptimizerCheck.Require(spec);
        var slots = spec switch
        {
            OptimizerSpec.Adam or OptimizerSpec.AdamW => 2,
            OptimizerSpec.Momentum or OptimizerSpec.Nesterov or OptimizerSpec.RmsProp or OptimizerSpec.Adagrad => 1,
            _ => 0,
        };
        (Spec, Length, _width) = (spec, length, width ?? VectorWidths.Widest);
        _adam = spec switch
        {
            OptimizerSpec.Adam adam => new(adam.Beta1, adam.Beta2, adam.Epsilon, WeightDecay: 0),
            OptimizerSpec.AdamW adam => adam,
            _ => null,
        };
        _slots = new float[slots][];
        for (var i = 0; i < slots; i++)
        {
            _slots[i] = new float[length];
        }
    }

    public OptimizerSpec Spec { get; }

    /// <summary>Parameters of the range.</summary>
    public int Length { get; }

    /// <summary>Steps applied.</summary>
    public long Steps { get; private set; }

    /// <summary>
    /// Slots of one float for each parameter: Adam and AdamW 2 (m, then v), SGD none, the others 1.
    /// </summary>
    public int Slots => _slots.Length;

    /// <summary>Bytes of the stored form.</summary>
    public long StoredBytes => HeaderBytes + ((long)Slots * Length * sizeof(float));

    /// <summary>[Length] the values of a slot.</summary>
    public ReadOnlySpan<float> Slot(int slot) => _slots[slot];

    /// <summary>Moves the weights by one step, in one pass.</summary>
    /// <param name="weightsIn">[Length] the weights that the gradient belongs to.</param>
    /// <param name="weightsOut">[Length] receives the moved ones; may be the same memory as <paramref name="weightsIn"/>.</param>
    /// <param name="gradientRoot">[Length] root of the lane tree: unnormalised sums (B5).</param>
    /// <param name="factor">What each root element is multiplied by (B5, B6).</param>
    /// <param name="learningRate">Cast once from double (B8).</param>
    /// <param name="clipValue">
    /// c, above 0: each element of the mean is brought into [−c, c] before it decays or moves anything (B6); a NaN
    /// stays one. Nothing is clipped when left out.
    /// </param>
    /// <exception cref="ArgumentException">A length is another than <see cref="Length"/>, or the limit is not above 0.</exception>
    public void Apply(
        ReadOnlySpan<float> weightsIn,
        Span<float> weightsOut,
        ReadOnlySpan<float> gradientRoot,
        float factor,
        float learningRate,
        float? clipValue = null)
    {
        var scale = new GradientScale(factor, clipValue ?? float.PositiveInfinity);
        if (!(scale.Limit > 0))
        {
            throw new ArgumentException($"clipValue is {clipValue}; it must be above 0", nameof(clipValue));
        }

        RequireLength(weightsIn.Length, nameof(weightsIn));
        RequireLength(weightsOut.Length, nameof(weightsOut));
        RequireLength(gradientRoot.Length, nameof(gradientRoot));
        Steps++;
        switch (_width)
        {
            case VectorWidth.Bits512:
                Apply<V512>(weightsIn, weightsOut, gradientRoot, scale, learningRate);
                break;
            case VectorWidth.Bits256:
                Apply<V256>(weightsIn, weightsOut, gradientRoot, scale, learningRate);
                break;
            default:
                Apply<V128>(weightsIn, weightsOut, gradientRoot, scale, learningRate);
                break;
        }
    }

    /// <summary>Writes steps, the powers of the betas and the slots, little-endian.</summary>
    /// <exception cref="ArgumentException">The length is not <see cref="StoredBytes"/>.</exception>
    public void Save(Span<byte> destination)
    {
        RequireStored(destination.Length, nameof(destination));
        BinaryPrimitives.WriteInt64LittleEndian(destination, Steps);
        BinaryPrimitives.WriteDoubleLittleEndian(destination[8..], _power1);
        BinaryPrimitives.WriteDoubleLittleEndian(destination[16..], _power2);
        destination = destination[HeaderBytes..];
        foreach (var slot in _slots)
        {
            MemoryMarshal.AsBytes(slot.AsSpan()).CopyTo(destination);
            destination = destination[(Length * sizeof(float))..];
        }
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    /// <exception cref="ArgumentException">The length is not <see cref="StoredBytes"/>.</exception>
    public void Load(ReadOnlySpan<byte> source)
    {
        RequireStored(source.Length, nameof(source));
        Steps = BinaryPrimitives.ReadInt64LittleEndian(source);
        _power1 = BinaryPrimitives.ReadDoubleLittleEndian(source[8..]);
        _power2 = BinaryPrimitives.ReadDoubleLittleEndian(source[16..]);
        source = source[HeaderBytes..];
        foreach (var slot in _slots)
        {
            source[..(Length * sizeof(float))].CopyTo(MemoryMarshal.AsBytes(slot.AsSpan()));
            source = source[(Length * sizeof(float))..];
        }
    }

    private void Apply<TVector>(
        ReadOnlySpan<float> weightsIn, Span<float> weightsOut, ReadOnlySpan<float> gradient, GradientScale scale, float learningRate)
        where TVector : unmanaged, IVector<TVector>
    {
        switch (Spec)
        {
            case OptimizerSpec.Momentum momentum:
                VectorOptimizers<TVector>.Momentum(
                    weightsIn, weightsOut, gradient, _slots[0], scale, learningRate, (float)momentum.Coefficient);
                break;
            case OptimizerSpec.Nesterov nesterov:
                VectorOptimizers<TVector>.Nesterov(
                    weightsIn, weightsOut, gradient, _slots[0], scale, learningRate, (float)nesterov.Coefficient);
                break;
            case OptimizerSpec.Adam:
                VectorOptimizers<TVector>.Adam(weightsIn, weightsOut, gradient, _slots[0], _slots[1], scale, NextAdam(_adam!, learningRate));
                break;
            case OptimizerSpec.AdamW:
                VectorOptimizers<TVector>.AdamW(weightsIn, weightsOut, gradient, _slots[0], _slots[1], scale, NextAdam(_adam!, learningRate));
                break;
            case OptimizerSpec.RmsProp rms:
                VectorOptimizers<TVector>.RmsProp(
                    weightsIn, weightsOut, gradient, _slots[0], scale, learningRate, (float)rms.Decay, (float)(1 - rms.Decay), (float)rms.Epsilon);
                break;
            case OptimizerSpec.Adagrad adagrad:
                VectorOptimizers<TVector>.Adagrad(
                    weightsIn, weightsOut, gradient, _slots[0], scale, learningRate, (float)adagrad.Epsilon);
                break;
            default:
                VectorOptimizers<TVector>.Sgd(weightsIn, weightsOut, gradient, scale, learningRate);
                break;
        }
    }

    private AdamStep NextAdam(OptimizerSpec.AdamW adam, float learningRate)
    {
        _power1 *= adam.Beta1;
        _power2 *= adam.Beta2;
        return AdamStep.Of(adam, learningRate, _power1, _power2);
    }

    private void RequireLength(int length, string name)
    {
        if (length != Length)
        {
            throw new ArgumentException($"{name} has {length} values; the state holds {Length} parameters", name);
        }
    }

    private void RequireStored(int bytes, string name)
    {
        if (bytes != StoredBytes)
        {
            throw new ArgumentException($"{name} has {bytes} bytes; the stored state has {StoredBytes}", name);
        }
    }
}
