using System.Collections.Immutable;
using System.Globalization;
using ActorTrainer.Data;
using ActorTrainer.Data.Predictions;
using ActorTrainer.Data.Sequences;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Predictions;

/// <summary>Predicts for each sequence, or for each of its steps, in the order of the file.</summary>
internal static class SequencePrediction
{
    /// <inheritdoc cref="Predictor.Predict"/>
    public static Prediction Of(
        Recipe recipe, DataSchema schema, NetworkWeights weights, Stream data, PredictionFormat format, DataLimits limits)
    {
        var (options, named) = recipe.Data is DataRecipe.Sequences sequences
            ? (DataOptions.Of(sequences), schema)
            : GeneratedSequences.Of(recipe.Data, schema);
        options = options with { Format = format == PredictionFormat.Csv ? SequencesFormat.Csv : SequencesFormat.JsonLines };
        var inputs = SequenceInputs.Read(data, options, named, limits);
        var (answer, atEveryStep) = (new AnswerKind(recipe, schema), weights.Spec.Head == Head.EveryStep);
        return new Prediction(Columns(answer, atEveryStep), Rows(inputs, answer, weights, atEveryStep), Past: null);
    }

    private static PredictionColumns Columns(AnswerKind answer, bool atEveryStep)
    {
        var taken = answer.IsClass ? [] : answer.Names;
        var labels = ImmutableArray.CreateBuilder<PredictionLabel>();
        labels.Add(new PredictionLabel(PredictionNames.Free(PredictionNames.Sequence, taken)));
        if (atEveryStep)
        {
            labels.Add(new PredictionLabel(PredictionNames.Free(PredictionNames.Step, taken), IsCount: true));
        }

        if (answer.IsClass)
        {
            labels.Add(new PredictionLabel(PredictionNames.Class));
        }

        return new PredictionColumns(labels.ToImmutable(), answer.Names, answer.IsClass);
    }

    private static IEnumerable<PredictionRow> Rows(SequenceInputs inputs, AnswerKind answer, NetworkWeights weights, bool atEveryStep)
    {
        using var runner = new BatchRunner(weights, inputs.MaximumTime, inputs.Count);
        for (var first = 0; first < inputs.Count; first += runner.MaximumRows)
        {
            int[] sequences = [.. Enumerable.Range(first, Math.Min(runner.MaximumRows, inputs.Count - first))];
            inputs.Fill(runner.Batch, sequences);
            runner.Run();
            for (var row = 0; row < sequences.Length; row++)
            {
                var name = inputs.NameOf(sequences[row]);
                if (!atEveryStep)
                {
                    yield return RowOf(answer, [name], runner.LastOutputs(row));
                    continue;
                }

                for (var step = 0; step < inputs.LengthOf(sequences[row]); step++)
                {
                    var number = (step + 1).ToString(CultureInfo.InvariantCulture);
                    yield return RowOf(answer, [name, number], runner.Outputs(step, row));
                }
            }
        }
    }

    public static PredictionRow RowOf(AnswerKind answer, ImmutableArray<string> labels, ReadOnlySpan<float> outputs)
    {
        var numbers = answer.Numbers(outputs);
        return new PredictionRow(answer.IsClass ? labels.Add(answer.Likeliest(numbers)) : labels, numbers);
    }
}
