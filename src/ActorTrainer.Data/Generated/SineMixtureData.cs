using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Data.Generated;

/// <summary>
/// Sums of a few sine waves, drawn anew for each sequence; at every step the next value is asked for.
/// </summary>
/// <remarks>
/// x(t) = (1 / components) · Σ aₖ sin 2π(fₖ t + φₖ) + noise · n(t) for t = 0 … length: amplitudes a uniform in
/// [0.5, 1), frequencies f in [0.02, 0.12) cycles a step (periods of about 8 to 50 steps), phases φ in
/// [0, 1), n in [−1, 1). All in double by + − × ÷ (B8), rounded once. The target carries its own noise,
/// so that no forecast has a mean squared error below noise² / 3.
/// </remarks>
public sealed class SineMixtureData : GeneratedData
{
    /// <summary>Most waves of a mixture.</summary>
    public const int ComponentsLimit = 64;

    private const int WavesPosition = 0;
    private const int NoisePosition = 1;
    private const int WordsPerWave = 3;

    private readonly int _length;
    private readonly int _components;
    private readonly double _noise;

    /// <param name="length">Time steps, from 1 to <see cref="GeneratedData.LengthLimit"/>.</param>
    /// <param name="components">Waves of a mixture, from 1 to <see cref="ComponentsLimit"/>.</param>
    /// <param name="noise">Half of the range of the noise, from 0 to 1,000,000.</param>
    /// <param name="validationSamples">Sequences to validate on; 0: no validation.</param>
    /// <param name="batchSize">Rows of a batch; at least 1.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is outside its range.</exception>
    public SineMixtureData(int length, int components, double noise, int validationSamples, int batchSize, uint seed)
        : base(RandomPurpose.SineMixture, length, length, validationSamples, batchSize, seed)
    {
        RequireWithin(length, 1, LengthLimit, nameof(length));
        RequireWithin(components, 1, ComponentsLimit, nameof(components));
        if (!(noise is >= 0 and <= 1e6))
        {
            throw new ArgumentOutOfRangeException(nameof(noise), noise, $"noise is {noise}; it must be from 0 to 1,000,000.");
        }

        (_length, _components, _noise) = (length, components, noise);
    }

    public override InputKind Input => InputKind.Features;

    public override int InputSize => 1;

    public override int Outputs => 1;

    public override LossKind NaturalLoss => LossKind.MeanSquaredError;

    private protected override void WriteTraining(SequenceBatch batch, int row, long sample) =>
        Write(TrainingRandom, batch, row, sample);

    private protected override void WriteValidation(SequenceBatch batch, int row, long sample) =>
        Write(ValidationRandom, batch, row, sample);

    private void Write(RandomStream random, SequenceBatch batch, int row, long sample)
    {
        Span<uint> waves = stackalloc uint[WordsPerWave * ComponentsLimit];
        waves = waves[..(WordsPerWave * _components)];
        Draw(random, sample, WavesPosition, waves);
        var inputs = batch.Features;
        var targets = batch.Targets;
        var weights = batch.TargetWeights;
        var value = ValueAt(random, sample, waves, 0);
        for (var t = 0; t < _length; t++)
        {
            var place = (t * batch.Rows) + row;
            inputs[place] = value;
            value = ValueAt(random, sample, waves, t + 1);
            targets[place] = value;
            weights[place] = 1f;
        }
    }

    private float ValueAt(RandomStream random, long sample, ReadOnlySpan<uint> waves, int t)
    {
        var sum = 0.0;
        for (var wave = 0; wave < waves.Length; wave += WordsPerWave)
        {
            var amplitude = 0.5 + (0.5 * RandomStream.ToUnit(waves[wave]));
            var frequency = 0.02 + (0.1 * RandomStream.ToUnit(waves[wave + 1]));
            var phase = (double)RandomStream.ToUnit(waves[wave + 2]);
            sum += amplitude * SineOfTurns((frequency * t) + phase);
        }

        var value = sum / _components;
        if (_noise > 0)
        {
            value += _noise * ((2.0 * RandomStream.ToUnit(Word(random, sample, NoisePosition, t))) - 1);
        }

        return (float)value;
    }

    /// <summary>sin 2πx = cos 2π(x − ¼), brought by its period and its symmetry to where the cosine is known.</summary>
    private static double SineOfTurns(double turns)
    {
        var shifted = turns - 0.25;
        var fraction = shifted - Math.Floor(shifted);
        return DoubleFunctions.CosinePi(2 * Math.Min(fraction, 1 - fraction));
    }
}
