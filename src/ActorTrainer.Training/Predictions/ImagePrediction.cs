using System.Globalization;
using ActorTrainer.Data;
using ActorTrainer.Data.Images;
using ActorTrainer.Data.Predictions;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Predictions;

/// <summary>Predicts the class of each picture, in the order of the file.</summary>
internal static class ImagePrediction
{
    /// <inheritdoc cref="Predictor.Predict"/>
    public static Prediction Of(
        DataSchema schema, AnswerKind answer, NetworkWeights weights, Stream data, PredictionFormat format, DataLimits limits)
    {
        var images = format == PredictionFormat.Idx
            ? UnlabelledImages.FromIdx(data, schema.InputSize, limits)
            : UnlabelledImages.FromTable(PixelRows.Read(data, limits), schema.InputSize);
        var columns = new PredictionColumns(
            [new PredictionLabel(PredictionNames.Image, IsCount: true), new PredictionLabel(PredictionNames.Class)], answer.Names, AreProbabilities: true);
        return new Prediction(columns, Rows(images, answer, weights), Past: null);
    }

    private static IEnumerable<PredictionRow> Rows(UnlabelledImages images, AnswerKind answer, NetworkWeights weights)
    {
        using var runner = new BatchRunner(weights, images.Time, images.Count);
        for (var first = 0; first < images.Count; first += runner.MaximumRows)
        {
            var rows = Math.Min(runner.MaximumRows, images.Count - first);
            images.Fill(runner.Batch, first, rows);
            runner.Run();
            for (var row = 0; row < rows; row++)
            {
                var number = (first + row + 1).ToString(CultureInfo.InvariantCulture);
                yield return SequencePrediction.RowOf(answer, [number], runner.LastOutputs(row));
            }
        }
    }
}
