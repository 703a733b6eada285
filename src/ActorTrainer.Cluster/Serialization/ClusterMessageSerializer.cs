using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace ActorTrainer.Cluster.Serialization;

/// <summary>
/// The only serializer of our own messages, events and snapshots: protobuf under a manifest per type.
/// What it does not know it refuses and counts; it never falls back to another form.
/// </summary>
public sealed class ClusterMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stands in every stored event and every remote message; never to be changed.</summary>
    public const int Id = 7301;

    /// <summary>Largest control message (P13): a larger one is a bug, and throws at its sender.</summary>
    public const int MaximumMessageBytes = 64 << 10;

    private static long _refused;

    /// <summary>Messages that this process refused to write or to read, of all its actor systems.</summary>
    public static long Refused => Interlocked.Read(ref _refused);

    /// <summary>
    /// Told of each message to another node, of all actor systems of this process, and its bytes without what the
    /// transport puts around them; events and snapshots are none. On any thread. For benchmarks that count.
    /// </summary>
    internal static Action<object, int>? Written { get; set; }

    public override int Identifier => Id;

    public override string Manifest(object o) => CodecOf(o).Manifest;

    public override byte[] ToBinary(object obj)
    {
        var codec = CodecOf(obj);
        var bytes = codec.Write(obj).ToByteArray();
        if (!codec.IsStored)
        {
            if (bytes.Length > MaximumMessageBytes)
            {
                throw Refuse($"The message {codec.Manifest} has {bytes.Length} bytes; a message between nodes has at most {MaximumMessageBytes}.");
            }

            Written?.Invoke(obj, bytes.Length);
        }

        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!MessageCodecs.Default.ByManifest.TryGetValue(manifest, out var codec))
        {
            throw Refuse($"\"{manifest}\" is not a message of ActorTrainer's protocol; it was dropped.");
        }

        try
        {
            return codec.Read(bytes, system);
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or FormatException or ArgumentException or NullReferenceException)
        {
            throw Refuse($"{bytes.Length} bytes are no {manifest}: {failure.Message}", failure);
        }
    }

    private static MessageCodec CodecOf(object message) =>
        MessageCodecs.Default.ByType.TryGetValue(message.GetType(), out var codec)
            ? codec
            : throw Refuse($"{message.GetType()} is not a message of ActorTrainer's protocol; it has no way out of this process.");

    private static SerializationException Refuse(string reason, Exception? cause = null)
    {
        Interlocked.Increment(ref _refused);
        return new SerializationException(reason, cause);
    }
}
