using System.Buffers.Binary;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>How a request was answered.</summary>
internal enum TransferStatus
{
    /// <summary>The bytes follow.</summary>
    Here = 0,

    /// <summary>The tensor was released, or never was; or there is no such blob.</summary>
    Gone = 1,

    /// <summary>The blob cannot be read where it is.</summary>
    Failed = 2,
}

/// <summary>
/// What precedes the bytes of an answer. After them comes a checksum: XxHash3 over the request as it was read, this
/// and the bytes, so that neither a question nor an answer that was altered on its way is taken for good.
/// </summary>
/// <param name="Sequence">Of the request.</param>
/// <param name="Length">Bytes that follow.</param>
/// <param name="Whole">Of a blob: bytes of the whole of it.</param>
internal readonly record struct TransferAnswer(TransferStatus Status, int Sequence, long Length, long Whole)
{
    public const int Bytes = 24;

    /// <summary>What comes after the bytes.</summary>
    public const int ChecksumBytes = sizeof(ulong);

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)Status);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Whole);
    }

    public static TransferAnswer Read(ReadOnlySpan<byte> bytes) => new(
        (TransferStatus)BinaryPrimitives.ReadInt32LittleEndian(bytes),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
}
