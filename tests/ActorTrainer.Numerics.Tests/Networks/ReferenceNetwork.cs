using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Numerics.Tests.Networks;

/// <summary>The forward pass once more, in double and with the library's functions, for central differences.</summary>
internal static class ReferenceNetwork
{
    /// <summary>Sum of weighted losses over the whole batch.</summary>
    public static double Loss(Sample sample, double[] weights, float[] state)
    {
        var total = 0.0;
        for (var row = 0; row < sample.Batch.Rows; row++)
        {
            total += RowLoss(sample, weights, state.AsSpan(row * sample.Layout.StateSize, sample.Layout.StateSize), row);
        }

        return total;
    }

    private static double RowLoss(Sample sample, double[] weights, ReadOnlySpan<float> state, int row)
    {
        var (spec, batch, layout) = (sample.Spec, sample.Batch, sample.Layout);
        var hidden = new double[spec.Layers.Length][];
        var cell = new double[spec.Layers.Length][];
        for (var i = 0; i < spec.Layers.Length; i++)
        {
            var units = spec.Layers[i] switch { LayerSpec.Lstm lstm => lstm.Units, LayerSpec.Elman elman => elman.Units, LayerSpec.Gru gru => gru.Units, _ => 0 };
            hidden[i] = [.. state[..units].ToArray().Select(value => (double)value)];
            state = state[units..];
            if (spec.Layers[i] is LayerSpec.Lstm)
            {
                cell[i] = [.. state[..units].ToArray().Select(value => (double)value)];
                state = state[units..];
            }
        }

        var total = 0.0;
        for (var t = 0; t < batch.Lengths[row]; t++)
        {
            var item = (t * batch.Rows) + row;
            double[] x;
            if (spec.Input == InputKind.Symbols)
            {
                x = new double[spec.InputSize];
                x[batch.Symbols[item]] = 1;
            }
            else
            {
                x = [.. batch.Features.Slice(item * spec.InputSize, spec.InputSize).ToArray().Select(value => (double)value)];
            }

            for (var i = 0; i < spec.Layers.Length; i++)
            {
                x = spec.Layers[i] switch
                {
                    LayerSpec.Embedding => Product(ParameterRole.Embedding, i, x),
                    LayerSpec.Dropout dropout => Drop(i, (float)dropout.Keep, x, t),
                    LayerSpec.Dense dense => [.. Affine(i, x).Select(z => Apply(dense.Activation, z))],
                    LayerSpec.Elman elman => hidden[i] = [.. Add(Affine(i, x), Product(ParameterRole.Recurrent, i, hidden[i])).Select(z => Apply(elman.Activation, z))],
                    LayerSpec.Gru gru => Gru(i, gru.Reset, x),
                    LayerSpec.Lstm => Lstm(i, x),
                    _ => throw new NotSupportedException(),
                };
            }

            // Without a memory the layers below the head may as well have run at every step.
            if (spec.Head == Head.LastStep)
            {
                if (t + 1 < batch.Lengths[row])
                {
                    continue;
                }

                item = row;
            }

            double weight = batch.TargetWeights[item];
            if (weight != 0 && !spec.ClassWeights.IsEmpty)
            {
                weight *= spec.ClassWeights[batch.Classes[item]];
            }

            var logits = Affine(spec.Layers.Length, x);
            if (weight != 0 && spec.Loss == LossKind.SoftmaxCrossEntropy)
            {
                var max = logits.Max();
                total += weight * (Math.Log(logits.Sum(z => Math.Exp(z - max))) + max - logits[batch.Classes[item]]);
            }
            else if (weight != 0 && spec.Loss == LossKind.MeanSquaredError)
            {
                for (var j = 0; j < logits.Length; j++)
                {
                    var error = logits[j] - batch.Targets[(item * spec.Outputs) + j];
                    total += weight * error * error / logits.Length;
                }
            }
            else if (weight != 0)
            {
                for (var j = 0; j < logits.Length; j++)
                {
                    var (z, y) = (logits[j], batch.Targets[(item * spec.Outputs) + j]);
                    total += weight * (Math.Max(z, 0) - (z * y) + Math.Log(1 + Math.Exp(-Math.Abs(z))));
                }
            }
        }

        return total;

        double[] Drop(int layer, float keep, double[] x, int position) =>
            [.. x.Select((value, unit) => sample.Draw(layer, row, position, unit) < keep ? value / keep : 0)];

        double[] Lstm(int i, double[] x)
        {
            var z = Add(Affine(i, x), Product(ParameterRole.Recurrent, i, hidden[i]));
            var n = z.Length / 4;
            for (var u = 0; u < n; u++)
            {
                cell[i][u] = (Sigmoid(z[n + u]) * cell[i][u]) + (Sigmoid(z[u]) * Math.Tanh(z[(2 * n) + u]));
                hidden[i][u] = Sigmoid(z[(3 * n) + u]) * Math.Tanh(cell[i][u]);
            }

            return [.. hidden[i]];
        }

        double[] Gru(int i, GruReset reset, double[] x)
        {
            var (z, u) = (Affine(i, x), Product(ParameterRole.Recurrent, i, hidden[i]));
            var n = z.Length / 3;
            var r = Add(z[..n], u[..n]).Select(Sigmoid).ToArray();
            var kept = r.Zip(hidden[i], (a, b) => a * b).ToArray();
            var recurrent = reset == GruReset.Before
                ? Product(ParameterRole.Recurrent, i, kept)[(2 * n)..]
                : [.. Add(u[(2 * n)..], Product(ParameterRole.RecurrentBias, i, [1.0])).Zip(r, (a, b) => a * b)];
            for (var k = 0; k < n; k++)
            {
                var keep = Sigmoid(z[n + k] + u[n + k]);
                hidden[i][k] = ((1 - keep) * Math.Tanh(z[(2 * n) + k] + recurrent[k])) + (keep * hidden[i][k]);
            }

            return [.. hidden[i]];
        }

        double[] Affine(int layer, double[] x) =>
            Add(Product(ParameterRole.Input, layer, x), Product(ParameterRole.Bias, layer, [1.0]));

        double[] Product(ParameterRole role, int layer, double[] x)
        {
            var tensor = layout.Tensor(layer, role);
            var y = new double[tensor.Columns];
            for (var k = 0; k < x.Length; k++)
            {
                for (var j = 0; j < y.Length; j++)
                {
                    y[j] += x[k] * weights[tensor.Offset + (k * y.Length) + j];
                }
            }

            return y;
        }
    }

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Apply(Activation activation, double z) => activation switch
    {
        Activation.Sigmoid => Sigmoid(z),
        Activation.Tanh => Math.Tanh(z),
        Activation.Relu => Math.Max(z, 0),
        _ => z,
    };
}
