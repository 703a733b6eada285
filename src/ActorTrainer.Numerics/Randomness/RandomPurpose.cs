namespace ActorTrainer.Numerics.Randomness;

/// <summary>
/// What a random number is for: the upper half of the generator's second key word (B9). The numbers
/// are part of the arithmetic: append only, never renumber or reuse one.
/// </summary>
public enum RandomPurpose
{
    /// <summary>Initial weights; the layer is the layer's index, the output layer last.</summary>
    Initialisation = 1,

    /// <summary>Dropout masks.</summary>
    Dropout = 2,

    /// <summary>The order of samples within an epoch.</summary>
    Order = 3,

    /// <summary>The choice of the next symbol when a model writes text.</summary>
    Generation = 4,

    /// <summary>The addends of binary addition; layer 0 is training, layer 1 validation.</summary>
    BinaryAddition = 5,

    /// <summary>Which samples only validate.</summary>
    Split = 6,

    /// <summary>The numbers and markers of the adding problem; layer 0 is training, layer 1 validation.</summary>
    AddingProblem = 7,

    /// <summary>The symbols to be recalled of copy memory; layer 0 is training, layer 1 validation.</summary>
    CopyMemory = 8,

    /// <summary>The waves and the noise of sine mixtures; layer 0 is training, layer 1 validation.</summary>
    SineMixture = 9,
}
