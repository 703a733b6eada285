using System.Collections.Immutable;
using ActorTrainer.Data;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Predictions;

/// <summary>What a network's outputs for one target mean: probabilities of classes, or numbers in the data's units.</summary>
internal sealed class AnswerKind
{
    private readonly LossKind _loss;
    private readonly ImmutableArray<ColumnScale> _scales;

    public AnswerKind(Recipe recipe, DataSchema schema)
    {
        _loss = recipe.Model.Loss;
        (Names, _scales) = (NamesOf(recipe.Data, schema), ScalesOf(schema));
    }

    /// <summary>Classes, or numbers.</summary>
    public ImmutableArray<string> Names { get; }

    public bool IsClass => _loss != LossKind.MeanSquaredError;

    /// <summary>Softmax, or the sigmoid of the one output against its opposite; or the numbers.</summary>
    /// <returns>As many as there are names.</returns>
    public ImmutableArray<double> Numbers(ReadOnlySpan<float> outputs)
    {
        var numbers = new double[Names.Length];
        switch (_loss)
        {
            case LossKind.SoftmaxCrossEntropy:
                Softmax(outputs, numbers);
                break;
            case LossKind.BinaryCrossEntropy:
                Softmax([0f, outputs[0]], numbers);
                break;
            default:
                for (var i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = _scales[i % _scales.Length].Restore(outputs[i]);
                }

                break;
        }

        return [.. numbers];
    }

    /// <summary>The name of the likeliest class; of equal ones the first.</summary>
    public string Likeliest(ImmutableArray<double> probabilities)
    {
        var best = 0;
        for (var i = 1; i < probabilities.Length; i++)
        {
            best = probabilities[i] > probabilities[best] ? i : best;
        }

        return Names[best];
    }

    /// <summary>How a number of an output enters: as it is where the data has no columns.</summary>
    public static ImmutableArray<ColumnScale> ScalesOf(DataSchema schema) =>
        schema.Targets.IsEmpty ? [ColumnScale.Identity("")] : schema.Targets;

    /// <summary>Names of the classes, or of the numbers that a target has.</summary>
    public static ImmutableArray<string> NamesOf(DataRecipe data, DataSchema schema) => data switch
    {
        _ when !schema.Classes.IsEmpty => schema.Classes,
        _ when !schema.Targets.IsEmpty => [.. schema.Targets.Select(target => target.Name)],
        DataRecipe.BinaryAddition => ["0", "1"],
        DataRecipe.AddingProblem => ["sum"],
        DataRecipe.SineMixture => ["next"],
        _ => [.. Enumerable.Range(0, schema.Outputs).Select(output => $"{output}")],
    };

    // exp of the distance from the largest, in double, summed over outputs ascending.
    private static void Softmax(ReadOnlySpan<float> logits, Span<double> probabilities)
    {
        var largest = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            probabilities[i] = DoubleFunctions.Exp((double)logits[i] - largest);
            sum += probabilities[i];
        }

        for (var i = 0; i < logits.Length; i++)
        {
            probabilities[i] /= sum;
        }
    }
}
