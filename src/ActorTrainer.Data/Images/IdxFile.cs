using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;

namespace ActorTrainer.Data.Images;

/// <summary>An IDX file of unsigned bytes: the form in which MNIST is given away.</summary>
/// <remarks>
/// Two zero bytes, the type of the values (0x08: unsigned byte), the rank, each dimension as a big-endian
/// 32-bit number, then the values, the last dimension fastest. LeCun, Cortes and Burges, "The MNIST
/// Database of Handwritten Digits". A file that begins with gzip's 1F 8B is decompressed, all its members.
/// The header is checked before memory is taken for what it promises, and no more than that is inflated.
/// </remarks>
public sealed class IdxFile
{
    private const byte UnsignedByte = 0x08;
    private const int HighestRank = 3;

    // What a header promises is believed only when this much of it has come.
    private const int FirstPiece = 1 << 20;

    private readonly byte[] _values;

    private IdxFile(ImmutableArray<int> dimensions, byte[] values) => (Dimensions, _values) = (dimensions, values);

    /// <summary>One to three sizes, each at least 1; the first counts the items.</summary>
    public ImmutableArray<int> Dimensions { get; }

    /// <summary>The values, the last dimension fastest; as many as the product of the dimensions.</summary>
    public ReadOnlySpan<byte> Values => _values;

    internal byte[] Bytes => _values;

    /// <summary>Reads a whole file, plain or gzip.</summary>
    /// <param name="content">Read from where it stands to its end; left open.</param>
    /// <param name="name">What the file is called in errors, e.g. "images".</param>
    /// <param name="rank">Dimensions that it must have, from 1 to 3.</param>
    /// <param name="limits">Bounds the decompressed file.</param>
    /// <exception cref="InvalidDataSetException">It is no IDX file of bytes of that rank, is cut short or too long, or larger than the limit.</exception>
    public static IdxFile Read(Stream content, string name, int rank, DataLimits limits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, HighestRank);
        var start = new byte[2];
        start = start[..content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        var whole = new PrefixedStream(start, content);
        if (start is not [0x1F, 0x8B])
        {
            return ReadPlain(whole, name, rank, limits);
        }

        try
        {
            using var inflated = new GZipStream(whole, CompressionMode.Decompress, leaveOpen: true);
            return ReadPlain(inflated, name, rank, limits);
        }
        catch (InvalidDataException cause)
        {
            throw new InvalidDataSetException($"The file of {name} begins as gzip but cannot be decompressed: {cause.Message}");
        }
    }

    private static IdxFile ReadPlain(Stream plain, string name, int rank, DataLimits limits)
    {
        var dimensions = ReadHeader(plain, name, rank);
        var size = Size(dimensions, name, limits);
        var values = new byte[Math.Min(size, FirstPiece)];
        var read = plain.ReadAtLeast(values, values.Length, throwOnEndOfStream: false);
        if (read == values.Length && read < size)
        {
            Array.Resize(ref values, size);
            read += plain.ReadAtLeast(values.AsSpan(read), size - read, throwOnEndOfStream: false);
        }

        if (read < size)
        {
            throw new InvalidDataSetException(
                $"The file of {name} ends after {read} of {size} bytes of values, which its header ({Shown(dimensions)}) promises.");
        }

        if (plain.ReadByte() >= 0)
        {
            throw new InvalidDataSetException(
                $"The file of {name} goes on after the {size} bytes of values that its header ({Shown(dimensions)}) promises.");
        }

        return new IdxFile(dimensions, values);
    }

    private static ImmutableArray<int> ReadHeader(Stream plain, string name, int rank)
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

        if (magic[3] != rank)
        {
            throw new InvalidDataSetException($"The file of {name} has {magic[3]} dimensions; {name} have {rank}.");
        }

        var sizes = header[4..(4 + (4 * rank))];
        RequireHeader(plain, sizes, name);
        var dimensions = ImmutableArray.CreateBuilder<int>(rank);
        for (var i = 0; i < rank; i++)
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

    private static int Size(ImmutableArray<int> dimensions, string name, DataLimits limits)
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

    private static string Shown(ImmutableArray<int> dimensions) => string.Join(" × ", dimensions);
}
