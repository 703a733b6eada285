using ActorTrainer.Numerics.Kernels;

namespace ActorTrainer.Training.Models;

/// <summary>
/// Chooses the next symbol from logits: the likeliest, or a draw from the softmax of logits ÷
/// temperature over the k likeliest. Of equal logits the lower symbol counts as likelier. The sums run
/// over symbols ascending, so that the choice is the same on every machine.
/// </summary>
internal sealed class SymbolChoice(int symbols)
{
    private readonly float[] _likelihoods = new float[symbols];
    private readonly float[] _sorted = new float[symbols];

    public static int Likeliest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var symbol = 1; symbol < logits.Length; symbol++)
        {
            if (logits[symbol] > logits[best])
            {
                best = symbol;
            }
        }

        return best;
    }

    /// <param name="temperature">Above 0.</param>
    /// <param name="topK">0: all.</param>
    /// <param name="unit">Uniform in [0, 1).</param>
    public int Draw(ReadOnlySpan<float> logits, double temperature, int topK, float unit)
    {
        var best = Likeliest(logits);
        var (least, ties) = Threshold(logits, topK);
        var total = 0.0;
        for (var symbol = 0; symbol < logits.Length; symbol++)
        {
            var kept = logits[symbol] > least || (logits[symbol] == least && ties-- > 0);
            _likelihoods[symbol] = kept ? ScalarKernels.Exp((float)(((double)logits[symbol] - logits[best]) / temperature)) : 0;
            total += _likelihoods[symbol];
        }

        var (target, sum) = (unit * total, 0.0);
        for (var symbol = 0; symbol < logits.Length; symbol++)
        {
            sum += _likelihoods[symbol];
            if (sum > target)
            {
                return symbol;
            }
        }

        // Only reached if the logits are not numbers.
        return best;
    }

    // The k-th largest logit, and how many equal to it are among the k.
    private (float Least, int Ties) Threshold(ReadOnlySpan<float> logits, int topK)
    {
        if (topK == 0 || topK >= logits.Length)
        {
            return (float.NegativeInfinity, logits.Length);
        }

        logits.CopyTo(_sorted);
        Array.Sort(_sorted);
        var least = _sorted[^topK];
        var larger = 0;
        foreach (var logit in logits)
        {
            larger += logit > least ? 1 : 0;
        }

        return (least, topK - larger);
    }
}
