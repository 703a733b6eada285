using ActorTrainer.Data;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Predictions;

namespace ActorTrainer.Cli.Predictions;

/// <summary>Predicts by a model's file, without a node.</summary>
internal static class FilePrediction
{
    /// <summary>Gives the prediction to whoever uses it, before the model goes.</summary>
    /// <exception cref="UsageException">The file is no model, one of text, or the data is not what the model takes in.</exception>
    public static void Use(string file, Stream data, PredictionFormat? format, string source, Action<Answer> use)
    {
        var model = Read(file);
        var formats = Predictor.FormatsOf(model.Recipe.Data);
        if (formats.IsEmpty)
        {
            throw new UsageException($"{file} is a model of text: it writes text (model generate, of a job on a node) and predicts nothing else");
        }

        if (format is { } asked && !formats.Contains(asked))
        {
            throw new UsageException($"--format: {file} predicts from {string.Join(" or ", formats.Select(InputFormat.Name))}, not from {InputFormat.Name(asked)}");
        }

        try
        {
            using var predictor = Predictor.Of(model);
            var prediction = predictor.Predict(data, format);
            use(new Answer(prediction.Columns, prediction.Rows, prediction.Past));
        }
        catch (InvalidDataSetException invalid)
        {
            throw new UsageException($"{source}: {invalid.Message}");
        }
    }

    private static ModelFile Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return ModelFile.Read(stream);
        }
        catch (ModelFileException wrong)
        {
            throw new UsageException($"{file}: {wrong.Message}");
        }
    }
}
