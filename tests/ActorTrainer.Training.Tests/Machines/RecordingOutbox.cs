using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Training.Tests.Machines;

/// <summary>What a core said and asked for since it was last looked at.</summary>
internal sealed class RecordingOutbox : IOutbox
{
    private readonly List<(Party To, object Message)> _sent = [];
    private readonly List<Effect> _effects = [];

    public void Send(Party to, object message) => _sent.Add((to, message));

    public void Perform(Effect effect) => _effects.Add(effect);

    /// <summary>All messages of a kind since the last call of any of these methods that takes them.</summary>
    public List<(Party To, T Message)> Sent<T>() => [.. _sent.Where(sent => sent.Message is T).Select(sent => (sent.To, (T)sent.Message))];

    public T Only<T>() => Assert.Single(Sent<T>()).Message;

    public List<T> Effects<T>()
        where T : Effect => [.. _effects.OfType<T>()];

    public T OnlyEffect<T>()
        where T : Effect => Assert.Single(Effects<T>());

    public bool IsSilent => _sent.Count == 0 && _effects.Count == 0;

    public void Clear()
    {
        _sent.Clear();
        _effects.Clear();
    }
}
