using System.Collections.Concurrent;
using Akka.Actor;

namespace ActorTrainer.Gateway.Tests;

/// <summary>Answers for the job registry as a test tells it, and keeps what it was asked.</summary>
internal sealed class StandInRegistry
{
    private volatile Func<object, object?> _answer = _ => null;

    /// <summary>A request's reply; null: silence.</summary>
    public Func<object, object?> Answer
    {
        get => _answer;
        set => _answer = value;
    }

    public ConcurrentQueue<object> Asked { get; } = new();

    public IActorRef Start(ActorSystem system) => system.ActorOf(Props.Create(() => new Shell(this)));

    private sealed class Shell : ReceiveActor
    {
        public Shell(StandInRegistry registry) => ReceiveAny(request =>
        {
            registry.Asked.Enqueue(request);
            if (registry.Answer(request) is { } reply)
            {
                Sender.Tell(reply);
            }
        });
    }
}
