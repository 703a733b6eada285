using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Data;

/// <summary>Which samples are trained on and which only validate.</summary>
/// <param name="Training">Ascending; at least one.</param>
/// <param name="Validation">Ascending.</param>
internal sealed record ValidationSplit(int[] Training, int[] Validation)
{
    /// <summary>
    /// Of n samples the first ⌊n · fraction⌋ of a permutation that the seed decides validate (B9, purpose
    /// Split). Both parts keep the order of the file.
    /// </summary>
    /// <param name="seed">The recipe's seed.</param>
    /// <param name="samples">n, at least 1.</param>
    /// <param name="validationFraction">In [0, 1).</param>
    /// <param name="name">What the samples are called, for the message.</param>
    /// <exception cref="InvalidDataSetException">A share was asked for, and there are too few samples for it.</exception>
    public static ValidationSplit Of(uint seed, int samples, double validationFraction, string name)
    {
        if (!(validationFraction is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(validationFraction), validationFraction, $"validationFraction is {validationFraction}; it must be from 0 to below 1.");
        }

        var validation = new int[(int)(samples * validationFraction)];
        if (validationFraction > 0 && validation.Length == 0)
        {
            throw new InvalidDataSetException(
                $"validation_fraction {validationFraction} of {samples} {name} is none. Raise it, or set it to 0 for no validation.");
        }

        var order = new FeistelPermutation(seed, RandomPurpose.Split, epoch: 0, samples);
        for (var place = 0; place < validation.Length; place++)
        {
            validation[place] = (int)order[place];
        }

        Array.Sort(validation);
        var training = new int[samples - validation.Length];
        var (trained, validated) = (0, 0);
        for (var sample = 0; sample < samples; sample++)
        {
            if (validated < validation.Length && validation[validated] == sample)
            {
                validated++;
            }
            else
            {
                training[trained++] = sample;
            }
        }

        return new ValidationSplit(training, validation);
    }

    /// <summary>The first samples are trained on, those behind them validate: two files, one after the other.</summary>
    public static ValidationSplit OfFiles(int training, int validation) =>
        new([.. Enumerable.Range(0, training)], [.. Enumerable.Range(training, validation)]);
}
