using ActorTrainer.Data;
using ActorTrainer.Data.Generated;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training;

/// <summary>Makes of each data recipe what it learns from: the one place that knows both.</summary>
internal static class DataOpening
{
    public static TrainingData Open(Recipe recipe, Func<string, Stream> open)
    {
        var batchSize = recipe.Training.BatchSize;
        return recipe.Data switch
        {
            DataRecipe.Text text => VerifiedFile.Read<TrainingData>(
                text.Sha256,
                open,
                file => new TextData(file, batchSize, text.SequenceLength, text.ValidationFraction),
                reason => new InvalidTextException(reason)),
            DataRecipe.BinaryAddition addition => new BinaryAdditionData(
                addition.Bits, addition.ValidationBits, addition.ValidationSamples, batchSize, recipe.Seed),
            _ => throw new ArgumentException("The recipe names no data.", nameof(recipe)),
        };
    }
}
