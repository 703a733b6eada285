using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Data.Predictions;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Predictions;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Cli.Tests.Predictions;

/// <summary>A small forecast that nobody has trained.</summary>
internal static class SampleModel
{
    /// <summary>Writes a model with the weights of its seed.</summary>
    /// <returns>What it forecasts of the table.</returns>
    public static string Write(string table, string file)
    {
        var bytes = Encoding.UTF8.GetBytes(table);
        var recipe = new Recipe(
            new DataRecipe.Forecast(ContentHash.Sha256Of(bytes), ["sales"], [], 6, 3, 12, 0.25, TableFormat.Default, false, 0, true, "month"),
            new ModelRecipe([new LayerSpec.Lstm(4, 1, new Initializer.Xavier())], LossKind.MeanSquaredError, new Initializer.Xavier()),
            new TrainingRecipe(10, 4, new OptimizerRecipe.Sgd(), new LearningRateRecipe(0.1, Schedule.Constant, 0, 0), null, new ValidationRecipe(0, 0)),
            4,
            7);
        var run = new TrainingRun(recipe, TrainingRun.OpenData(recipe, _ => new MemoryStream(bytes)));
        var weights = new float[run.Layout.ParameterCount];
        run.FillInitialWeights(weights);
        using (var stream = File.Create(file))
        {
            new ModelFile(recipe, 10, run.Schema, weights).Write(stream);
        }

        using var predictor = new Predictor(recipe, run.Schema, weights);
        var prediction = predictor.Predict(new MemoryStream(bytes));
        using var answer = new MemoryStream();
        PredictionCsv.Write(prediction.Columns, prediction.Rows, answer);
        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
