namespace ActorTrainer.Numerics.Networks;

/// <summary>What one unmasked target adds.</summary>
/// <param name="Loss">Nats, not yet weighted.</param>
/// <param name="Correct">Whether it was predicted right.</param>
internal readonly record struct TargetLoss(float Loss, bool Correct);

/// <summary>The definition of both losses, for one row at one time step. Logits of ±10⁴ and more are harmless.</summary>
internal static class ScalarLoss
{
    /// <summary>Softmax cross-entropy.</summary>
    /// <param name="logits">[outputs].</param>
    /// <param name="delta">[outputs] receives weight · (p − target); empty: not wanted. May be the same span as the logits.</param>
    /// <remarks>
    /// m = max l, e_j = exp(l_j − m), s = Σ e_j by B7; loss = (float)(ln s + (m − l_class)) in double;
    /// delta_j = weight · (e_j / s − [j = class]). Right when the lowest index among the largest logits is the class.
    /// </remarks>
    public static TargetLoss Softmax(ReadOnlySpan<float> logits, int target, float weight, Span<float> delta)
    {
        var max = logits[0];
        for (var j = 1; j < logits.Length; j++)
        {
            max = logits[j] > max ? logits[j] : max;
        }

        var own = logits[target];
        var correct = own == max && !logits[..target].Contains(max);
        Span<float> sums = stackalloc float[16];
        for (var j = 0; j < logits.Length; j++)
        {
            sums[j % 16] += ProvisionalFunctions.Exp(logits[j] - max);
        }

        var sum = Halve(sums);
        for (var j = 0; j < delta.Length; j++)
        {
            var p = ProvisionalFunctions.Exp(logits[j] - max) / sum;
            delta[j] = weight * (j == target ? p - 1f : p);
        }

        return new TargetLoss((float)(DoubleFunctions.Log(sum) + ((double)max - own)), correct);
    }

    /// <summary>A sigmoid on each output under binary cross-entropy, summed over the outputs.</summary>
    /// <param name="labels">[outputs], 0 or 1.</param>
    /// <param name="delta">[outputs] receives weight · (sigmoid(z) − y); empty: not wanted. May be the same span as the logits.</param>
    /// <remarks>
    /// Each output: (float)((max(z, 0) − z·y) + ln(1 + exp(−|z|))), in double but for exp; their sum by
    /// B7. Right when every output is on its label's side of ½, z = 0 counting as below.
    /// </remarks>
    public static TargetLoss Binary(ReadOnlySpan<float> logits, ReadOnlySpan<float> labels, float weight, Span<float> delta)
    {
        var correct = true;
        Span<float> sums = stackalloc float[16];
        for (var j = 0; j < logits.Length; j++)
        {
            double z = logits[j];
            var e = ProvisionalFunctions.Exp(-MathF.Abs(logits[j]));
            sums[j % 16] += (float)((z > 0 ? z : 0) - (z * labels[j]) + DoubleFunctions.Log(1.0 + e));
            correct &= z > 0 == labels[j] > 0.5f;
            if (!delta.IsEmpty)
            {
                delta[j] = weight * (ProvisionalFunctions.Sigmoid(logits[j]) - labels[j]);
            }
        }

        return new TargetLoss(Halve(sums), correct);
    }

    /// <summary>Sixteen accumulators to one (B7): halves are added, 8, 4, 2, 1.</summary>
    public static float Halve(Span<float> sums)
    {
        for (var half = 8; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++)
            {
                sums[i] += sums[i + half];
            }
        }

        return sums[0];
    }
}
