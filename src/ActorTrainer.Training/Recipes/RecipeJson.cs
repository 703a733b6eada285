using System.Text.Json.Nodes;
using ActorTrainer.Data.Json;

namespace ActorTrainer.Training.Recipes;

/// <summary>
/// A recipe as canonical JSON: the names of the API, every default filled in. It is what
/// <c>recipe_sha256</c> is taken over, so that what is written for a recipe must never change: the
/// default of a released field stays, and a new field is left out while it has the value that means
/// "as before" (as <c>clip_norm</c> is where nothing is clipped).
/// </summary>
public static class RecipeJson
{
    /// <exception cref="ArgumentOutOfRangeException">A choice of the recipe is not known; a validated recipe has none.</exception>
    /// <exception cref="FormatException">A number is not finite; a validated recipe has none.</exception>
    public static string Write(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return CanonicalJson.Of(new JsonObject
        {
            ["data"] = DataJson.Write(recipe.Data),
            ["model"] = ModelJson.Write(recipe),
            ["training"] = TrainingJson.Write(recipe.Training),
            ["lanes"] = recipe.Lanes,
            ["seed"] = recipe.Seed,
        }.ToJsonString());
    }

    /// <summary>The recipe that a text was written for. Strict: nothing may be missing, unknown or of another type.</summary>
    /// <exception cref="RecipeFormatException">The text is no recipe; the message names the field.</exception>
    public static Recipe Read(string json) => RecipeReader.Read(json);
}
