using System.Collections.Frozen;
using Akka.Actor;
using Google.Protobuf;

namespace ActorTrainer.Cluster.Serialization;

/// <summary>Every type that our serializer knows: what it does not find here does not exist for a peer or a journal.</summary>
internal sealed class MessageCodecs
{
    private readonly List<MessageCodec> _all = [];

    private MessageCodecs()
    {
        StepMessages.AddTo(this);
        WeightsMessages.AddTo(this);
        JobMessages.AddTo(this);
        RunMessages.AddTo(this);
        RegistryMessages.AddTo(this);
        StoredMessages.AddTo(this);
        ByType = _all.ToFrozenDictionary(codec => codec.Type);
        ByManifest = _all.ToFrozenDictionary(codec => codec.Manifest, StringComparer.Ordinal);
    }

    public static MessageCodecs Default { get; } = new();

    public FrozenDictionary<Type, MessageCodec> ByType { get; }

    public FrozenDictionary<string, MessageCodec> ByManifest { get; }

    public void Add<TMessage, TWire>(string manifest, Func<TMessage, TWire> write, Func<TWire, TMessage> read)
        where TMessage : class
        where TWire : IMessage<TWire>, new() =>
        Add(manifest, write, (wire, _) => read(wire), isStored: false);

    public void AddStored<TMessage, TWire>(string manifest, Func<TMessage, TWire> write, Func<TWire, TMessage> read)
        where TMessage : class
        where TWire : IMessage<TWire>, new() =>
        Add(manifest, write, (wire, _) => read(wire), isStored: true);

    public void Add<TMessage, TWire>(
        string manifest, Func<TMessage, TWire> write, Func<TWire, ExtendedActorSystem, TMessage> read, bool isStored)
        where TMessage : class
        where TWire : IMessage<TWire>, new()
    {
        var parser = new MessageParser<TWire>(() => new TWire());
        _all.Add(new MessageCodec(
            typeof(TMessage),
            manifest,
            message => write((TMessage)message),
            (bytes, system) => read(parser.ParseFrom(bytes), system),
            isStored));
    }
}
