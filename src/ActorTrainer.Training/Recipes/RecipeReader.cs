using ActorTrainer.Data.Json;

namespace ActorTrainer.Training.Recipes;

/// <summary>Reads what <see cref="RecipeJson"/> wrote, from a file that anybody may have changed.</summary>
internal static class RecipeReader
{
    public static Recipe Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = StrictJson.Parse(json);
            return Recipe(new JsonFields(document.RootElement, "recipe"));
        }
        catch (FormatException cause)
        {
            throw new RecipeFormatException($"The recipe cannot be read. {cause.Message}", cause);
        }
    }

    private static Recipe Recipe(JsonFields fields) => fields.Complete(new Recipe(
        DataJson.Read(fields.Object("data")),
        ModelJson.Read(fields.Object("model")),
        TrainingJson.Read(fields.Object("training")),
        fields.Int32("lanes"),
        fields.UInt32("seed")));
}
