using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace ActorTrainer.Cluster.Serialization;

/// <summary>
/// The only serializer of our own messages, events and snapshots: protobuf under a manifest per type.
/// What it does not know it refuses; it never falls back to another form.
/// </summary>
public sealed class ClusterMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stands in every stored event and every remote message; never to be changed.</summary>
    public const int Id = 7301;

    public override int Identifier => Id;

    public override string Manifest(object o) => throw Unknown(o.GetType().FullName!);

    public override byte[] ToBinary(object obj) => throw Unknown(obj.GetType().FullName!);

    public override object FromBinary(byte[] bytes, string manifest) => throw Unknown(manifest);

    private static SerializationException Unknown(string what) =>
        new($"\"{what}\" is not a message of ActorTrainer's protocol; it was dropped.");
}
