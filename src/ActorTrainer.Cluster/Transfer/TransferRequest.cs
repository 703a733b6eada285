using System.Buffers.Binary;
using System.Security.Cryptography;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>What a puller can ask for.</summary>
internal enum TransferKind
{
    /// <summary>A stretch of a published tensor; bytes are its floats, little-endian.</summary>
    Tensor = 1,

    /// <summary>A piece of a blob; shorter than asked for at its end.</summary>
    Blob = 2,

    /// <summary>Nothing: says that both sides live.</summary>
    Ping = 3,
}

/// <summary>One request on the wire: <see cref="Bytes"/> bytes, whatever is asked for.</summary>
internal readonly struct TransferRequest
{
    public const int Bytes = 56;

    /// <summary>Largest piece of a blob that is given at once.</summary>
    public const int MaximumBlobPiece = 256 << 10;

    private const int NamedAt = 24;

    private TransferRequest(TransferKind kind, long offset, int length) => (Kind, Offset, Length) = (kind, offset, length);

    public TransferKind Kind { get; }

    /// <summary>Floats of a tensor, bytes of a blob.</summary>
    public int Length { get; }

    /// <summary>First float or byte.</summary>
    public long Offset { get; }

    /// <summary>Of a tensor.</summary>
    public long TensorId { get; private init; }

    /// <summary>Of a blob: 64 hexadecimal digits.</summary>
    public string? Sha256 { get; private init; }

    public static TransferRequest Ping { get; } = new(TransferKind.Ping, 0, 0);

    public static TransferRequest OfTensor(Ticket ticket) =>
        new(TransferKind.Tensor, ticket.Offset, ticket.Length) { TensorId = ticket.TensorId };

    public static TransferRequest OfBlob(string sha256, long offset, int length) =>
        new(TransferKind.Blob, offset, length) { Sha256 = sha256 };

    /// <param name="sequence">Counts the requests of a connection from 0; the answer repeats it.</param>
    public void Write(int sequence, Span<byte> bytes)
    {
        bytes.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)Kind);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], sequence);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Offset);
        if (Sha256 is not null)
        {
            Convert.FromHexString(Sha256, bytes.Slice(NamedAt, SHA256.HashSizeInBytes), out _, out _);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes[NamedAt..], TensorId);
        }
    }

    /// <summary>False: nothing that can be asked for.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out int sequence, out TransferRequest request)
    {
        var kind = (TransferKind)BinaryPrimitives.ReadInt32LittleEndian(bytes);
        sequence = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        var offset = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        request = new TransferRequest(kind, offset, length)
        {
            TensorId = kind == TransferKind.Tensor ? BinaryPrimitives.ReadInt64LittleEndian(bytes[NamedAt..]) : 0,
            Sha256 = kind == TransferKind.Blob ? Convert.ToHexStringLower(bytes.Slice(NamedAt, SHA256.HashSizeInBytes)) : null,
        };
        return offset >= 0 && length >= 0 && kind switch
        {
            TransferKind.Tensor => offset <= int.MaxValue,
            TransferKind.Blob => length is > 0 and <= MaximumBlobPiece,
            TransferKind.Ping => length == 0 && offset == 0,
            _ => false,
        };
    }
}
