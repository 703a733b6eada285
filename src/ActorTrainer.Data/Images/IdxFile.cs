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
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, IdxHeader.HighestRank);
        return Open(content, name, plain => ReadPlain(plain, name, rank, limits));
    }

    /// <summary>Hands on the content as it is without gzip.</summary>
    /// <exception cref="InvalidDataSetException">It begins as gzip, and is none.</exception>
    internal static T Open<T>(Stream content, string name, Func<Stream, T> read)
    {
        var start = new byte[2];
        start = start[..content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        var whole = new PrefixedStream(start, content);
        if (start is not [0x1F, 0x8B])
        {
            return read(whole);
        }

        try
        {
            using var inflated = new GZipStream(whole, CompressionMode.Decompress, leaveOpen: true);
            return read(inflated);
        }
        catch (InvalidDataException cause)
        {
            throw new InvalidDataSetException($"The file of {name} begins as gzip but cannot be decompressed: {cause.Message}");
        }
    }

    private static IdxFile ReadPlain(Stream plain, string name, int rank, DataLimits limits)
    {
        var dimensions = IdxHeader.Read(plain, name, rank);
        var size = IdxHeader.Size(dimensions, name, limits);
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
                $"The file of {name} ends after {read} of {size} bytes of values, which its header ({IdxHeader.Shown(dimensions)}) promises.");
        }

        if (plain.ReadByte() >= 0)
        {
            throw new InvalidDataSetException(
                $"The file of {name} goes on after the {size} bytes of values that its header ({IdxHeader.Shown(dimensions)}) promises.");
        }

        return new IdxFile(dimensions, values);
    }
}
