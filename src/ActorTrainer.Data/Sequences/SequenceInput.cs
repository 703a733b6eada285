namespace ActorTrainer.Data.Sequences;

/// <summary>What the time steps of a file's sequences are.</summary>
internal enum SequenceInput
{
    /// <summary>Numbers, as many at every step: features.</summary>
    Numbers,

    /// <summary>Events that have names: symbols.</summary>
    Events,

    /// <summary>The characters of a text: symbols.</summary>
    Characters,
}
