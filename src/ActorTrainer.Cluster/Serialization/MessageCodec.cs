using Akka.Actor;
using Google.Protobuf;

namespace ActorTrainer.Cluster.Serialization;

/// <summary>How one type is written and read.</summary>
/// <param name="Type">The record.</param>
/// <param name="Manifest">Its name on the wire and in the journal; never to be changed.</param>
/// <param name="Write">To protobuf.</param>
/// <param name="Read">From the bytes; actor references are found through the system.</param>
/// <param name="IsStored">
/// Events and snapshots may be larger than a control message (P13), and are read as long as a data directory lives.
/// </param>
internal sealed record MessageCodec(
    Type Type,
    string Manifest,
    Func<object, IMessage> Write,
    Func<byte[], ExtendedActorSystem, object> Read,
    bool IsStored);
