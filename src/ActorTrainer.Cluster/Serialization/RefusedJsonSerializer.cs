using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace ActorTrainer.Cluster.Serialization;

/// <summary>
/// Stands in the place of Akka's JSON serializer, which a peer could still name by its number and have
/// any type read: it reads and writes nothing.
/// </summary>
public sealed class RefusedJsonSerializer : Serializer
{
    /// <param name="settings">Akka passes those of the serializer that was here.</param>
    public RefusedJsonSerializer(ExtendedActorSystem system, Config settings)
        : base(system) => _ = settings;

    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => throw Refused();

    public override object FromBinary(byte[] bytes, Type type) => throw Refused();

    private static SerializationException Refused() => new("JSON is no form of ActorTrainer's messages; it was dropped.");
}
