using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>What a recipe's data turned out to be, once it was opened.</summary>
/// <param name="InputSize">Symbols of the vocabulary, or features.</param>
/// <param name="Outputs">Width of the output layer.</param>
/// <param name="Head">Where its targets stand.</param>
/// <param name="MaximumTime">Time steps of its longest sequence.</param>
/// <param name="StepsPerEpoch">Batches of its whole training part; 0: it has no end.</param>
/// <param name="ValidationBatches">Batches of its whole validation part.</param>
public readonly record struct DataShape(
    InputKind Input, int InputSize, int Outputs, Head Head, int MaximumTime, long StepsPerEpoch, long ValidationBatches)
{
    public static DataShape Of(TrainingData data) => new(
        data.Input, data.InputSize, data.Outputs, data.Head, data.MaximumTime, data.StepsPerEpoch, data.ValidationBatches);
}
