using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Recipes;

/// <summary>How large a recipe's network is, without building it.</summary>
/// <param name="Parameters">Of the whole network, output layer included.</param>
/// <param name="Widest">Floats of the widest activation of a time step: gates · units, input or outputs.</param>
/// <param name="StateSize">Floats carried per row.</param>
public readonly record struct ModelSize(long Parameters, long Widest, long StateSize)
{
    /// <summary>The size over an input and an output of these widths; widths out of range are counted as they stand, never negative.</summary>
    public static ModelSize Of(ModelRecipe model, int inputSize, int outputs)
    {
        var (parameters, widest, state) = (0L, Math.Max(inputSize, (long)outputs), 0L);
        long width = inputSize;
        foreach (var layer in model.Layers)
        {
            switch (layer)
            {
                case LayerSpec.Embedding embedding:
                    Step(embedding.Dimension, gates: 1, recurrent: false, bias: false);
                    break;
                case LayerSpec.Lstm lstm:
                    Step(lstm.Units, gates: 4, recurrent: true, bias: true);
                    state += 2 * width;
                    break;
                case LayerSpec.Elman elman:
                    Step(elman.Units, gates: 1, recurrent: true, bias: true);
                    state += width;
                    break;
                case LayerSpec.Gru gru:
                    Step(gru.Units, gates: 3, recurrent: true, bias: true);
                    state += width;

                    // The bias of U·h, and U·h itself, which the gates do not hold.
                    if (gru.Reset == GruReset.After)
                    {
                        parameters = (long)Int128.Min((Int128)parameters + width, long.MaxValue);
                        widest = Math.Max(widest, 4 * width);
                    }

                    break;
                case LayerSpec.Dense dense:
                    Step(dense.Units, gates: 1, recurrent: false, bias: true);
                    break;
            }
        }

        Step(outputs, gates: 1, recurrent: false, bias: true);
        return new ModelSize(parameters, widest, state);

        void Step(int units, int gates, bool recurrent, bool bias)
        {
            var columns = (long)gates * Math.Max(units, 0);
            var rows = width + (recurrent ? Math.Max(units, 0) : 0) + (bias ? 1 : 0);

            // Two factors below 2³⁴ may not fit into 63 bits; nothing larger than this is allowed anyway.
            var added = (Int128)rows * columns;
            parameters = (long)Int128.Min(parameters + added, long.MaxValue);
            (width, widest) = (Math.Max(units, 0), Math.Max(widest, columns));
        }
    }
}
