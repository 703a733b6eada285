using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>
/// The first bytes of a connection, from either side: a magic word, the version of what follows, who speaks and who is
/// meant. The called one answers with its own even if it is not the one that was meant, so that the caller learns
/// who lives at the address now.
/// </summary>
/// <param name="Version">Of the conversation.</param>
/// <param name="From">Who speaks.</param>
/// <param name="To">Who is meant.</param>
internal readonly record struct TransferHello(int Version, NodeId From, NodeId To)
{
    public const int CurrentVersion = 1;

    /// <summary>What stands first: who does not begin so is not answered.</summary>
    public const int MagicBytes = 8;

    public const int Bytes = MagicBytes + sizeof(int) + (2 * NameBytes);

    /// <summary>Of a node's id in UTF-8.</summary>
    public const int MaximumNameBytes = NameBytes - 1;

    private const int NameBytes = 64;

    private static ReadOnlySpan<byte> Magic => "ACTRBULK"u8;

    public static bool IsMagic(ReadOnlySpan<byte> first) => first.SequenceEqual(Magic);

    /// <exception cref="ArgumentException">The node's id does not fit in a hello.</exception>
    public static void RequireFits(NodeId node)
    {
        if (string.IsNullOrEmpty(node.Value) || Encoding.UTF8.GetByteCount(node.Value) > MaximumNameBytes)
        {
            throw new ArgumentException($"The node's id is \"{node}\"; it must have from 1 to {MaximumNameBytes} bytes.", nameof(node));
        }
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(MagicBytes), Version);
        WriteName(From, bytes.AsSpan(Bytes - (2 * NameBytes), NameBytes));
        WriteName(To, bytes.AsSpan(Bytes - NameBytes));
        return bytes;
    }

    /// <summary>False: not of this form.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TransferHello hello)
    {
        hello = default;
        if (bytes.Length != Bytes
            || !IsMagic(bytes[..MagicBytes])
            || !TryReadName(bytes.Slice(Bytes - (2 * NameBytes), NameBytes), out var from)
            || !TryReadName(bytes[^NameBytes..], out var to))
        {
            return false;
        }

        hello = new TransferHello(BinaryPrimitives.ReadInt32LittleEndian(bytes[MagicBytes..]), from, to);
        return true;
    }

    private static void WriteName(NodeId node, Span<byte> field) => field[0] = (byte)Encoding.UTF8.GetBytes(node.Value, field[1..]);

    private static bool TryReadName(ReadOnlySpan<byte> field, out NodeId node)
    {
        node = default;
        if (field[0] is 0 or > MaximumNameBytes || !Utf8.IsValid(field.Slice(1, field[0])))
        {
            return false;
        }

        node = new NodeId(Encoding.UTF8.GetString(field.Slice(1, field[0])));
        return true;
    }
}
