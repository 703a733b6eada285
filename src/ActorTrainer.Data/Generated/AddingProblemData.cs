using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Data.Generated;

/// <summary>
/// The adding problem: a long row of numbers, two of them marked, whose sum is asked for at the end. Two
/// features at each time step, a number uniform in [0, 1) and a marker, 0 or 1; one marker stands in
/// each half. Always answering 1 has a mean squared error of 1/6.
/// </summary>
/// <remarks>
/// Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8), 1997, section 5.4, in
/// the form of Le, Jaitly and Hinton, "A Simple Way to Initialize Recurrent Networks of Rectified Linear
/// Units", 2015: fixed length, and the sum itself is the target. The first half has ⌊length / 2⌋ steps.
/// </remarks>
public sealed class AddingProblemData : GeneratedData
{
    private const int NumbersPosition = 0;
    private const int MarkersPosition = 1;

    private readonly int _length;

    /// <param name="length">Time steps, from 2 to <see cref="GeneratedData.LengthLimit"/>.</param>
    /// <param name="validationSamples">Sequences to validate on; 0: no validation.</param>
    /// <param name="batchSize">Rows of a batch; at least 1.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is outside its range.</exception>
    public AddingProblemData(int length, int validationSamples, int batchSize, uint seed)
        : base(RandomPurpose.AddingProblem, length, length, validationSamples, batchSize, seed)
    {
        RequireWithin(length, 2, LengthLimit, nameof(length));
        _length = length;
    }

    public override InputKind Input => InputKind.Features;

    public override int InputSize => 2;

    public override int Outputs => 1;

    public override LossKind NaturalLoss => LossKind.MeanSquaredError;

    public override Head Head => Head.LastStep;

    private protected override void WriteTraining(SequenceBatch batch, int row, long sample) =>
        Write(TrainingRandom, batch, row, sample);

    private protected override void WriteValidation(SequenceBatch batch, int row, long sample) =>
        Write(ValidationRandom, batch, row, sample);

    private void Write(RandomStream random, SequenceBatch batch, int row, long sample)
    {
        var half = _length / 2;
        var first = Scaled(Word(random, sample, MarkersPosition, 0), half);
        var second = half + Scaled(Word(random, sample, MarkersPosition, 1), _length - half);
        var features = batch.Features;
        var sum = 0f;
        Span<uint> words = stackalloc uint[64];
        for (var t = 0; t < _length; t++)
        {
            if (t % words.Length == 0)
            {
                random.FillWords(sample >> 32, sample & uint.MaxValue, NumbersPosition, t, words);
            }

            var (number, marked) = (RandomStream.ToUnit(words[t % words.Length]), t == first || t == second);
            var place = 2 * ((t * batch.Rows) + row);
            features[place] = number;
            features[place + 1] = marked ? 1f : 0f;
            sum += marked ? number : 0f;
        }

        // Only the last step has a target, also in a batch that has room for one at every step.
        for (var t = 0; t < batch.TargetTime; t++)
        {
            var place = (t * batch.Rows) + row;
            batch.Targets[place] = sum;
            batch.TargetWeights[place] = t == batch.TargetTime - 1 ? 1f : 0f;
        }
    }
}
