using System.Buffers.Binary;
using System.Collections.Immutable;

namespace ActorTrainer.Data.Images;

/// <summary>What an IDX file says before its values; see <see cref="IdxFile"/>.</summary>
internal static class IdxHeader
{
    public const int HighestRank = 3;

    private const byte UnsignedByte = 0x08;

    /// <summary>Its dimensions, each at least 1.</summary>
    /// <param name="rank">Dimensions that it must have; null: from 1 to 3.</param>
    public static ImmutableArray<int> Read(Stream plain, string name, int? rank)
    {
        Span<byte> header = stackalloc byte[4 + (4 * HighestRank)];
        var magic = header[..4];
        RequireHeader(plain, magic, name);
        if (magic[0] != 0 || magic[1] != 0)
        {
            throw new InvalidDataSetException(
                $"The file of {name} begins with {Convert.ToHexString(magic)}; an IDX file begins with 00 00, or as gzip with 1F 8B.");
        }

        if (magic[2] != UnsignedByte)
        {
            throw new InvalidDataSetException(
                $"The file of {name} holds values of type 0x{magic[2]:X2}{TypeName(magic[2])}; only 0x08 (unsigned bytes) can be read.");
        }

        var found = magic[3];
        if (rank is null && found is 0 or > HighestRank)
        {
            throw new InvalidDataSetException($"The file of {name} has {found} dimensions; from 1 to {HighestRank} can be read.");
        }

        if (rank is not null && found != rank)
        {
            throw new InvalidDataSetException($"The file of {name} has {found} dimensions; {name} have {rank}.");
        }

        var sizes = header[4..(4 + (4 * found))];
        RequireHeader(plain, sizes, name);
        var dimensions = ImmutableArray.CreateBuilder<int>(found);
        for (var i = 0; i < found; i++)
        {
            var dimension = BinaryPrimitives.ReadUInt32BigEndian(sizes[(4 * i)..]);
            if (dimension is 0 or > int.MaxValue)
            {
                throw new InvalidDataSetException($"Dimension {i + 1} of the file of {name} is {dimension}; it must be from 1 to {int.MaxValue}.");
            }

            dimensions.Add((int)dimension);
        }

        return dimensions.MoveToImmutable();
    }

    public static int Size(ImmutableArray<int> dimensions, string name, DataLimits limits)
    {
        var most = Math.Min(limits.MaximumBytes, Array.MaxLength);
        var size = 1L;
        foreach (var dimension in dimensions)
        {
            // Never more than 2⁶²: the product so far is at most an array's length.
            size *= dimension;
            if (size > most)
            {
                throw new InvalidDataSetException(
                    $"The header of the file of {name} promises {Shown(dimensions)} bytes; the most is {most}.");
            }
        }

        return (int)size;
    }

    public static string Shown(ImmutableArray<int> dimensions) => string.Join(" × ", dimensions);

    private static void RequireHeader(Stream plain, Span<byte> part, string name)
    {
        if (plain.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length)
        {
            throw new InvalidDataSetException($"The file of {name} ends within the header of an IDX file.");
        }
    }

    private static string TypeName(byte type) => type switch
    {
        0x09 => " (signed bytes)",
        0x0B => " (16-bit integers)",
        0x0C => " (32-bit integers)",
        0x0D => " (floats)",
        0x0E => " (doubles)",
        _ => "",
    };
}
