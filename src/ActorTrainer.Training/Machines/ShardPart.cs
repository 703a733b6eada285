using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ActorTrainer.Numerics;
using ActorTrainer.Training.Plans;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// A shard's part of a checkpoint as bytes, little-endian: header, weights as float32 (B13), optimizer state.
/// </summary>
/// <param name="Item">The training item after which it was saved.</param>
/// <param name="Range">The parameters it holds.</param>
/// <param name="OptimizerLength">Bytes of optimizer state.</param>
public readonly record struct ShardPart(long Item, ParameterRange Range, int OptimizerLength)
{
    private const uint Magic = 0x31535441; // "ATS1"
    private const int HeaderLength = 28;

    /// <summary>Bytes of the whole part.</summary>
    public int Length => checked(HeaderLength + (4 * Range.Count) + OptimizerLength);

    /// <summary>The header of a part, checked against its length.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such part, or of another arithmetic version.</exception>
    public static ShardPart Read(ReadOnlySpan<byte> part)
    {
        if (part.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(part) != Magic)
        {
            throw new InvalidDataException($"these {part.Length} bytes are no part of a shard");
        }

        var arithmetic = BinaryPrimitives.ReadInt32LittleEndian(part[4..]);
        if (arithmetic != ArithmeticVersion.Current)
        {
            throw new InvalidDataException(
                $"the part was saved by arithmetic version {arithmetic}; this program has {ArithmeticVersion.Current}");
        }

        var header = new ShardPart(
            BinaryPrimitives.ReadInt64LittleEndian(part[8..]),
            new ParameterRange(BinaryPrimitives.ReadInt32LittleEndian(part[16..]), BinaryPrimitives.ReadInt32LittleEndian(part[20..])),
            BinaryPrimitives.ReadInt32LittleEndian(part[24..]));
        if (header.Range.Count < 0 || header.OptimizerLength < 0
            || HeaderLength + (4L * header.Range.Count) + header.OptimizerLength != part.Length)
        {
            throw new InvalidDataException($"the part has {part.Length} bytes, its header speaks of {header}");
        }

        return header;
    }

    /// <summary>Writes header and weights; returns the bytes left for the optimizer state.</summary>
    public Span<byte> Write(Span<byte> part, ReadOnlySpan<float> weights)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(part, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(part[4..], ArithmeticVersion.Current);
        BinaryPrimitives.WriteInt64LittleEndian(part[8..], Item);
        BinaryPrimitives.WriteInt32LittleEndian(part[16..], Range.First);
        BinaryPrimitives.WriteInt32LittleEndian(part[20..], Range.Count);
        BinaryPrimitives.WriteInt32LittleEndian(part[24..], OptimizerLength);
        MemoryMarshal.AsBytes(weights).CopyTo(part[HeaderLength..]);
        return part[(HeaderLength + (4 * Range.Count))..];
    }

    /// <summary>Copies the weights out of the part's bytes.</summary>
    /// <param name="part">The bytes this header was read from.</param>
    /// <param name="weights">[Range.Count] receives them.</param>
    public void CopyWeights(ReadOnlySpan<byte> part, Span<float> weights) =>
        part.Slice(HeaderLength, 4 * Range.Count).CopyTo(MemoryMarshal.AsBytes(weights));

    /// <summary>The optimizer state within the part's bytes.</summary>
    public ReadOnlySpan<byte> Optimizer(ReadOnlySpan<byte> part) => part[(HeaderLength + (4 * Range.Count))..];
}
