using ActorTrainer.Data.Forecasts;
using ActorTrainer.Data.Sequences;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training;

/// <summary>How a recipe's files are read, in the words of their readers.</summary>
internal static class DataOptions
{
    public static ForecastOptions Of(DataRecipe.Forecast recipe) => new(recipe.Targets, recipe.Window)
    {
        Inputs = recipe.Inputs,
        Horizon = recipe.Horizon,
        Season = recipe.Season,
        ValidationFraction = recipe.ValidationFraction,
        Table = recipe.Table,
        Log = recipe.Log,
        Difference = recipe.Difference,
        Standardize = recipe.Standardize,
        Time = recipe.Time,
    };

    public static SequencesOptions Of(DataRecipe.Sequences recipe) =>
        new(recipe.Format, recipe.Group, recipe.Inputs, recipe.Label, recipe.LabelKind)
        {
            Table = recipe.Table,
            Standardize = recipe.Standardize,
            MaximumLength = recipe.MaximumLength,
        };
}
