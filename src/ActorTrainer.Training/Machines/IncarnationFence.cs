using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// P1 at the door of a party that lives for one incarnation, a shard or the barrier: who speaks for an
/// older one is told, and for a newer one the party asks to be stopped and lets nobody in any more.
/// </summary>
internal sealed class IncarnationFence(Epoch epoch, IOutbox outbox)
{
    public bool IsClosed { get; private set; }

    /// <summary>Whether a message of this epoch may come in.</summary>
    public bool Admit(Epoch of)
    {
        if (IsClosed)
        {
            return false;
        }

        if (of.IsNewerThan(epoch))
        {
            IsClosed = true;
            outbox.Perform(new Effect.StopSelf(of));
        }
        else if (epoch.IsNewerThan(of))
        {
            outbox.Send(Party.Sender, new Stale(epoch));
        }

        return of == epoch;
    }

    /// <summary>The party ends.</summary>
    public void Close() => IsClosed = true;
}
