using ActorTrainer.Numerics.Kernels;

namespace ActorTrainer.Numerics.Networks;

/// <summary>What one unmasked target adds.</summary>
/// <param name="Loss">Nats or squares, not yet weighted.</param>
/// <param name="Correct">Whether it was predicted right; never under mean squared error.</param>
internal readonly record struct TargetLoss(float Loss, bool Correct);

/// <summary>The definition of the losses, for one row at one time step. Logits of ±10⁴ and more are harmless.</summary>
internal static class ScalarLoss
{
    /// <summary>Softmax cross-entropy.</summary>
    /// <param name="logits">[outputs].</param>
    /// <param name="delta">[outputs] receives weight · (p − target); empty: not wanted.</param>
    /// <remarks>
    /// m = max l, e_j = exp(l_j − m), s = Σ e_j by B7; loss = (float)(ln s + (m − l_class)) in double;
    /// delta_j = weight · (e_j / s − [j = class]). Right when the lowest index among the largest logits is the class.
    /// </remarks>
    public static TargetLoss Softmax(ReadOnlySpan<float> logits, int target, float weight, Span<float> delta)
    {
        var max = ScalarKernels.Max(logits);
        var own = logits[target];
        var correct = own == max && !logits[..target].Contains(max);
        var e = new float[logits.Length];
        var sum = ScalarKernels.ExpSum(logits, max, e);
        for (var j = 0; j < delta.Length; j++)
        {
            var p = e[j] / sum;
            delta[j] = weight * (j == target ? p - 1f : p);
        }

        return new TargetLoss((float)(DoubleFunctions.Log(sum) + ((double)max - own)), correct);
    }

    /// <summary>A sigmoid on each output under binary cross-entropy, summed over the outputs.</summary>
    /// <param name="labels">[outputs], 0 or 1.</param>
    /// <param name="delta">[outputs] receives weight · (sigmoid(z) − y); empty: not wanted.</param>
    /// <remarks>
    /// Each output: (float)((max(z, 0) − z·y) + ln(1 + exp(−|z|))), in double but for exp; their sum by
    /// B7. Right when every output is on its label's side of ½, z = 0 counting as below.
    /// </remarks>
    public static TargetLoss Binary(ReadOnlySpan<float> logits, ReadOnlySpan<float> labels, float weight, Span<float> delta)
    {
        var correct = true;
        var losses = new float[logits.Length];
        for (var j = 0; j < logits.Length; j++)
        {
            losses[j] = Binary(logits[j], labels[j], ScalarKernels.Exp(-MathF.Abs(logits[j])));
            correct &= logits[j] > 0f == labels[j] > 0.5f;
            if (!delta.IsEmpty)
            {
                delta[j] = weight * (ScalarKernels.Sigmoid(logits[j]) - labels[j]);
            }
        }

        return new TargetLoss(ScalarKernels.Sum(losses), correct);
    }

    /// <summary>The mean of the squared errors of the outputs.</summary>
    /// <param name="targets">[outputs].</param>
    /// <param name="delta">[outputs] receives its gradient times the weight; empty: not wanted.</param>
    /// <remarks>
    /// e_j = y_j − t_j; loss = (Σ e_j·e_j by B7) / outputs; delta_j = (weight · (2 / outputs)) · e_j; all in float.
    /// </remarks>
    public static TargetLoss Squares(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, float weight, Span<float> delta)
    {
        var squares = new float[outputs.Length];
        for (var j = 0; j < outputs.Length; j++)
        {
            var error = outputs[j] - targets[j];
            squares[j] = error * error;
            if (!delta.IsEmpty)
            {
                delta[j] = weight * (2f / outputs.Length) * error;
            }
        }

        return new TargetLoss(ScalarKernels.Sum(squares) / outputs.Length, Correct: false);
    }

    /// <summary>The loss of one output, from its logit, its label and exp(−|logit|).</summary>
    public static float Binary(double logit, double label, double exponential) =>
        (float)((logit > 0 ? logit : 0) - (logit * label) + DoubleFunctions.Log(1 + exponential));
}
