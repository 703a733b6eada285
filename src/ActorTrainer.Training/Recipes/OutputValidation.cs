using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>Holds the output layer, its loss and its place to the data's targets.</summary>
internal static class OutputValidation
{
    private const string Field = "recipe.model.output";

    public static void Check(Recipe recipe, ViolationList violations)
    {
        var model = recipe.Model;
        CheckLoss(recipe.Data, model.Loss, violations);
        InitializerValidation.Check(model.OutputInitializer, $"{Field}.initializer", violations);
        CheckHead(recipe.Data, model.Head, violations);
        InitializerValidation.CheckValue(model.OutputBias, $"{Field}.bias", violations);
        CheckClassWeights(model, violations);
    }

    public static void CheckWithData(Recipe recipe, DataShape data, ViolationList violations)
    {
        if (RecipeNetwork.HeadOf(recipe) is var head && head != data.Head && data.MaximumTime > 1)
        {
            // Of a single time step both are the same.
            violations.Add($"{Field}.at", RecipeNames.Heads.Of(head), $"{RecipeNames.Heads.Of(data.Head)}, where this data has its targets");
        }

        var weights = recipe.Model.ClassWeights;
        if (!weights.IsDefaultOrEmpty && weights.Length != data.Outputs)
        {
            violations.Add($"{Field}.class_weights", $"{weights.Length} weights", $"{data.Outputs}, one for each class of the data");
        }
    }

    private static void CheckLoss(DataRecipe data, LossKind loss, ViolationList violations)
    {
        if (!Enum.IsDefined(loss))
        {
            violations.Add($"{Field}.loss", loss.ToString(), RecipeNames.Losses.All);
        }
        else if (data is not null && RecipeNetwork.DefaultLoss(data) is var right && loss != right)
        {
            violations.Add($"{Field}.loss", RecipeNames.Losses.Of(loss), $"{RecipeNames.Losses.Of(right)} for {Targets(data)}");
        }
    }

    private static string Targets(DataRecipe data) => data switch
    {
        DataRecipe.Text => "text, whose targets are symbols",
        DataRecipe.BinaryAddition => "binary addition, whose targets are bits",
        DataRecipe.Lines => "lines, whose targets are symbols",
        DataRecipe.Forecast => "forecasts, whose targets are numbers",
        DataRecipe.Sequences { LabelKind: LabelKind.Number } => "sequences whose labels are numbers",
        DataRecipe.Sequences => "sequences whose labels are classes",
        DataRecipe.Images => "images, whose labels are classes",
        DataRecipe.AddingProblem => "the adding problem, whose targets are numbers",
        DataRecipe.CopyMemory => "copy memory, whose targets are symbols",
        _ => "sine mixtures, whose targets are numbers",
    };

    private static void CheckHead(DataRecipe data, Head? head, ViolationList violations)
    {
        if (head is not { } at)
        {
            return;
        }

        if (!Enum.IsDefined(at))
        {
            violations.Add($"{Field}.at", at.ToString(), RecipeNames.Heads.All);
        }
        else if (data is not (null or DataRecipe.Forecast or DataRecipe.Sequences or DataRecipe.Images { Layout: ImageLayout.Flat })
            && RecipeNetwork.DefaultHead(data) is var right && at != right)
        {
            violations.Add($"{Field}.at", RecipeNames.Heads.Of(at), $"{RecipeNames.Heads.Of(right)}, where this data has its targets");
        }
    }

    private static void CheckClassWeights(ModelRecipe model, ViolationList violations)
    {
        if (model.ClassWeights.IsDefaultOrEmpty)
        {
            return;
        }

        if (model.Loss != LossKind.SoftmaxCrossEntropy)
        {
            violations.Add($"{Field}.class_weights", $"{model.ClassWeights.Length} weights", "none: only softmax_cross_entropy has classes");
        }

        if (model.ClassWeights.Length > RecipeLimits.MaxClassWeights)
        {
            violations.Add($"{Field}.class_weights", $"{model.ClassWeights.Length} weights", $"at most {RecipeLimits.MaxClassWeights}");
            return;
        }

        for (var i = 0; i < model.ClassWeights.Length; i++)
        {
            violations.Number(
                $"{Field}.class_weights[{i}]",
                model.ClassWeights[i],
                model.ClassWeights[i] >= RecipeLimits.MinClassWeight && model.ClassWeights[i] <= RecipeLimits.MaxClassWeight,
                $"{ViolationList.Text(RecipeLimits.MinClassWeight)} to {ViolationList.Text(RecipeLimits.MaxClassWeight)}");
        }
    }
}
