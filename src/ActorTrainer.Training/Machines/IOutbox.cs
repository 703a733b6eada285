using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// What a core does to the world. Called only from within the core's own methods, on the thread that
/// called them; an implementation does not call back into the core before that method has returned.
/// </summary>
public interface IOutbox
{
    /// <summary>Sends at most once, in no promised order (P6).</summary>
    void Send(Party to, object message);

    /// <summary>Has the core's shell do something whose outcome it tells the core later.</summary>
    void Perform(Effect effect);
}
