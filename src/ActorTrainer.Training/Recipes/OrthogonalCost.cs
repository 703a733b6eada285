using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>
/// What it takes to make a network's orthogonal weights: 4·d·k² operations for k orthonormal vectors of d ≥ k
/// elements, a matrix for each gate. A recipe of a few bytes could ask for hours of it.
/// </summary>
internal static class OrthogonalCost
{
    /// <summary>Holds all of them together to <see cref="RecipeLimits.MaxOrthogonalOperations"/>; the dearest is named.</summary>
    public static void Check(ModelRecipe model, int inputSize, int outputs, ViolationList violations)
    {
        var matrices = Matrices(model, inputSize, outputs).Where(matrix => matrix.Operations > 0).ToList();
        var operations = matrices.Aggregate(Int128.Zero, (sum, matrix) => sum + matrix.Operations);
        if (operations <= RecipeLimits.MaxOrthogonalOperations)
        {
            return;
        }

        var dearest = matrices.MaxBy(matrix => matrix.Operations)!;
        violations.Add(
            $"{dearest.Field}.orthogonal",
            $"{dearest.Gates} of {dearest.Rows} × {dearest.Units}, which with all others take {operations} operations",
            $"at most {RecipeLimits.MaxOrthogonalOperations} operations, 4·d·k² for k vectors of d: as for 4 matrices of 4096 × 4096");
    }

    private static IEnumerable<Matrix> Matrices(ModelRecipe model, int inputSize, int outputs)
    {
        var width = inputSize;
        for (var i = 0; i < model.Layers.Length; i++)
        {
            var (name, units, gates, initializer, recurrent) = model.Layers[i] switch
            {
                LayerSpec.Embedding embedding => ("embedding", embedding.Dimension, 1, embedding.Initializer, null),
                LayerSpec.Dense dense => ("dense", dense.Units, 1, dense.Initializer, null),
                LayerSpec.Lstm lstm => ("lstm", lstm.Units, 4, lstm.Initializer, lstm.RecurrentInitializer),
                LayerSpec.Gru gru => ("gru", gru.Units, 3, gru.Initializer, gru.RecurrentInitializer),
                LayerSpec.Elman elman => ("elman", elman.Units, 1, elman.Initializer, elman.RecurrentInitializer),
                _ => ("", width, 0, null as Initializer, null as Initializer),
            };
            var field = $"recipe.model.layers[{i}].{name}";
            yield return new Matrix($"{field}.initializer", gates, width, units, initializer);
            if (model.Layers[i] is LayerSpec.Lstm or LayerSpec.Gru or LayerSpec.Elman)
            {
                yield return new Matrix($"{field}.{(recurrent is null ? "initializer" : "recurrent_initializer")}", gates, units, units, recurrent ?? initializer);
            }

            width = units;
        }

        yield return new Matrix("recipe.model.output.initializer", 1, width, outputs, model.OutputInitializer);
    }

    private sealed record Matrix(string Field, int Gates, int Rows, int Units, Initializer? Initializer)
    {
        public Int128 Operations
        {
            get
            {
                Int128 most = Math.Max(Rows, Units), least = Math.Min(Rows, Units);
                return Initializer is Initializer.Orthogonal ? Gates * 4 * most * least * least : 0;
            }
        }
    }
}
