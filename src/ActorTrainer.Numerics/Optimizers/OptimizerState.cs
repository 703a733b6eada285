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
    private double _power1 = 1;
    private double _power2 = 1;

    /// <param name="length">Parameters of the range.</param>
    /// <param name="width">Bits of the vectors to compute with; the widest of this machine when left out.</param>
    /// <exception cref="ArgumentException">A constant of the spec is outside its range.</exception>
    public OptimizerState(OptimizerSpec spec, int length, VectorWidth? width = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var slots = 0;
        if (spec is OptimizerSpec.Adam adam)
        {
            RequireBeta(adam.Beta1, nameof(adam.Beta1));
            RequireBeta(adam.Beta2, nameof(adam.Beta2));
            if (!(adam.Epsilon > 0 && double.IsFinite(adam.Epsilon)))
            {
                throw new ArgumentException($"Epsilon is {adam.Epsilon}; it must be above 0", nameof(spec));
            }

            slots = 2;
        }

        (Spec, Length, _width) = (spec, length, width ?? VectorWidths.Widest);
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

    /// <summary>Slots of one float for each parameter: Adam 2 (m, then v), SGD none.</summary>
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
    /// <exception cref="ArgumentException">A length is another than <see cref="Length"/>.</exception>
    public void Apply(
        ReadOnlySpan<float> weightsIn, Span<float> weightsOut, ReadOnlySpan<float> gradientRoot, float factor, float learningRate)
    {
        RequireLength(weightsIn.Length, nameof(weightsIn));
        RequireLength(weightsOut.Length, nameof(weightsOut));
        RequireLength(gradientRoot.Length, nameof(gradientRoot));
        Steps++;
        switch (_width)
        {
            case VectorWidth.Bits512:
                Apply<V512>(weightsIn, weightsOut, gradientRoot, factor, learningRate);
                break;
            case VectorWidth.Bits256:
                Apply<V256>(weightsIn, weightsOut, gradientRoot, factor, learningRate);
                break;
            default:
                Apply<V128>(weightsIn, weightsOut, gradientRoot, factor, learningRate);
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

    private static void RequireBeta(double beta, string name)
    {
        if (!(beta is >= 0 and < 1))
        {
            throw new ArgumentException($"{name} is {beta}; it must be at least 0 and below 1");
        }
    }

    private void Apply<TVector>(
        ReadOnlySpan<float> weightsIn, Span<float> weightsOut, ReadOnlySpan<float> gradientRoot, float factor, float learningRate)
        where TVector : unmanaged, IVector<TVector>
    {
        if (Spec is OptimizerSpec.Adam adam)
        {
            _power1 *= adam.Beta1;
            _power2 *= adam.Beta2;
            var step = AdamStep.Of(adam, factor, learningRate, _power1, _power2);
            VectorOptimizers<TVector>.Adam(weightsIn, weightsOut, gradientRoot, _slots[0], _slots[1], step);
        }
        else
        {
            VectorOptimizers<TVector>.Sgd(weightsIn, weightsOut, gradientRoot, factor, learningRate);
        }
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
