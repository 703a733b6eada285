using System.Collections.Immutable;
using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Predictions;

/// <summary>
/// A trained model in use: of data that it has not seen it makes what it was trained to, in the units of the
/// data. It needs what the model remembers (<see cref="DataSchema"/>), and not what it was trained on. Several
/// threads may let one predictor predict at once.
/// </summary>
public sealed class Predictor : IDisposable
{
    private readonly Recipe _recipe;
    private readonly DataSchema _schema;
    private readonly NetworkWeights _weights;

    /// <param name="weights">[ParameterCount] in layout order (B13); copied.</param>
    /// <exception cref="ArgumentException">
    /// The weights are not as many as the model has parameters, or it is one that predicts nothing (<see cref="FormatsOf"/>).
    /// </exception>
    public Predictor(Recipe recipe, DataSchema schema, ReadOnlySpan<float> weights)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(schema);
        if (FormatsOf(recipe.Data).IsEmpty)
        {
            throw new ArgumentException("A model of text writes text (model generate); it predicts nothing else.", nameof(recipe));
        }

        (_recipe, _schema) = (recipe, schema);
        _weights = new NetworkWeights(RecipeNetwork.Of(recipe, schema.Input, schema.InputSize, schema.Outputs));
        if (weights.Length != _weights.Values.Length)
        {
            _weights.Dispose();
            throw new ArgumentException($"There are {weights.Length} weights; the model has {_weights.Values.Length} parameters.", nameof(weights));
        }

        weights.CopyTo(_weights.Values);
        _weights.Changed();
    }

    /// <summary>The predictor of a model's file.</summary>
    /// <exception cref="ArgumentException">The model predicts nothing (<see cref="FormatsOf"/>).</exception>
    public static Predictor Of(ModelFile model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new Predictor(model.Recipe, model.Schema, model.Weights.Span);
    }

    /// <summary>How data may be written that a model of such data predicts from, the usual format first; none where text is written instead.</summary>
    public static ImmutableArray<PredictionFormat> FormatsOf(DataRecipe data) => data switch
    {
        DataRecipe.Text or DataRecipe.Lines => [],
        DataRecipe.Images => [PredictionFormat.Idx, PredictionFormat.Csv, PredictionFormat.JsonLines],
        DataRecipe.CopyMemory or DataRecipe.Sequences { Format: SequencesFormat.JsonLines } => [PredictionFormat.JsonLines],
        _ => [PredictionFormat.Csv, PredictionFormat.JsonLines],
    };

    /// <summary>Reads data, and predicts from it as the answer is gone through.</summary>
    /// <param name="data">Read to its end and left open.</param>
    /// <param name="format">One of <see cref="FormatsOf"/>; null: the first.</param>
    /// <param name="limits">Bounds of what is read; null: the usual ones.</param>
    /// <exception cref="InvalidDataSetException">The data is not what the model takes in; row and column are named.</exception>
    /// <exception cref="ArgumentException">Such data is not written in this format.</exception>
    public Prediction Predict(Stream data, PredictionFormat? format = null, DataLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var formats = FormatsOf(_recipe.Data);
        var written = format ?? formats[0];
        if (!formats.Contains(written))
        {
            throw new ArgumentException($"the format is {written}; the model predicts from {string.Join(" or ", formats)}.", nameof(format));
        }

        limits ??= DataLimits.Default;
        return _recipe.Data switch
        {
            DataRecipe.Forecast forecast => ForecastPrediction.Of(forecast, _schema, _weights, data, written, limits),
            DataRecipe.Images => ImagePrediction.Of(_schema, new AnswerKind(_recipe, _schema), _weights, data, written, limits),
            _ => SequencePrediction.Of(_recipe, _schema, _weights, data, written, limits),
        };
    }

    public void Dispose() => _weights.Dispose();
}
