using ActorTrainer.Data;
using ActorTrainer.Data.Forecasts;
using ActorTrainer.Data.Generated;
using ActorTrainer.Data.Images;
using ActorTrainer.Data.Lines;
using ActorTrainer.Data.Sequences;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training;

/// <summary>Makes of each data recipe what it learns from: the one place that knows both.</summary>
internal static class DataOpening
{
    public static TrainingData Open(Recipe recipe, Func<string, Stream> open)
    {
        var (batchSize, seed) = (recipe.Training.BatchSize, recipe.Seed);
        switch (recipe.Data)
        {
            case DataRecipe.Text text:
                return VerifiedFile.Read(text.Files[0], open, file => new TextData(file, batchSize, text.SequenceLength, text.ValidationFraction), IsNoText);
            case DataRecipe.BinaryAddition addition:
                return new BinaryAdditionData(addition.Bits, addition.ValidationBits, addition.ValidationSamples, batchSize, seed);
            case DataRecipe.Lines lines:
                return VerifiedFile.Read(lines.Files[0], open, file => new LinesData(file, batchSize, lines.ValidationFraction, lines.MaximumLength, seed), IsNoText);
            case DataRecipe.Forecast forecast:
                return VerifiedFile.ReadAll(forecast.Files, open, files => new ForecastData(
                    files[0], DataOptions.Of(forecast), RecipeNetwork.HeadOf(recipe), batchSize, seed, DataLimits.Default));
            case DataRecipe.Sequences sequences:
                return VerifiedFile.ReadAll(sequences.Files, open, files => new SequencesData(
                    files[0],
                    files.ElementAtOrDefault(1),
                    DataOptions.Of(sequences),
                    batchSize,
                    sequences.ValidationFraction,
                    seed));
            case DataRecipe.Images images:
                return VerifiedFile.ReadAll(images.Files, open, files => new ImagesData(
                    files[0],
                    files[1],
                    files.ElementAtOrDefault(2),
                    files.ElementAtOrDefault(3),
                    images.Layout,
                    RecipeNetwork.HeadOf(recipe),
                    batchSize,
                    seed));
            case DataRecipe.AddingProblem adding:
                return new AddingProblemData(adding.Length, adding.ValidationSamples, batchSize, seed);
            case DataRecipe.CopyMemory copy:
                return new CopyMemoryData(copy.Delay, copy.Symbols, copy.Length, copy.ValidationSamples, batchSize, seed);
            case DataRecipe.SineMixture sine:
                return new SineMixtureData(sine.Length, sine.Components, sine.Noise, sine.ValidationSamples, batchSize, seed);
            default:
                throw new ArgumentException("The recipe names no data.", nameof(recipe));
        }
    }

    private static InvalidTextException IsNoText(string reason) => new(reason);
}
