namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// The input and the targets of some rows over some time steps, time-major: the element of step t and
/// row r stands at t · <see cref="Rows"/> + r. Made once for the largest shape and resized for each
/// batch without allocating; whoever fills it writes every element of the spans it is asked for.
/// </summary>
/// <remarks>
/// A row shorter than the batch is padded: from its length on it holds zeros (features) or symbol 0, and
/// target weight 0. Padding adds nothing and moves nothing, whatever stands there.
/// </remarks>
public sealed class SequenceBatch
{
    private readonly NetworkSpec _spec;
    private readonly int[] _symbols;
    private readonly float[] _features;
    private readonly int[] _classes;
    private readonly float[] _targets;
    private readonly float[] _targetWeights;
    private readonly int[] _lengths;
    private readonly int[] _globalRows;
    private readonly int _maxTime;
    private readonly int _maxRows;

    /// <exception cref="ArgumentOutOfRangeException">A maximum is below 1.</exception>
    public SequenceBatch(NetworkSpec spec, int maxTime, int maxRows)
    {
        SpecCheck.Require(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTime, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        (_spec, _maxTime, _maxRows) = (spec, maxTime, maxRows);
        var items = checked(maxTime * maxRows);
        var targets = spec.Head == Head.LastStep ? maxRows : items;
        _symbols = spec.Input == InputKind.Symbols ? new int[items] : [];
        _features = spec.Input == InputKind.Features ? new float[checked(items * spec.InputSize)] : [];
        _classes = HasClasses ? new int[targets] : [];
        _targets = HasClasses ? [] : new float[checked(targets * spec.Outputs)];
        _targetWeights = new float[targets];
        (_lengths, _globalRows) = (new int[maxRows], new int[maxRows]);
        Resize(maxTime, maxRows);
    }

    public NetworkSpec Spec => _spec;

    /// <summary>Time steps now.</summary>
    public int Time { get; private set; }

    /// <summary>Rows now.</summary>
    public int Rows { get; private set; }

    /// <summary>Time steps of the targets: 1 where the head is at the last step, else <see cref="Time"/>.</summary>
    public int TargetTime => _spec.Head == Head.LastStep ? 1 : Time;

    /// <summary>[T × R], each below the input size. Empty unless the input is symbols.</summary>
    public Span<int> Symbols => _spec.Input == InputKind.Symbols ? _symbols.AsSpan(0, Time * Rows) : [];

    /// <summary>[T × R × InputSize]. Empty unless the input is features.</summary>
    public Span<float> Features =>
        _spec.Input == InputKind.Features ? _features.AsSpan(0, Time * Rows * _spec.InputSize) : [];

    /// <summary>[TargetTime × R], each below the outputs; where the target's weight is 0 anything. Empty unless the loss is softmax.</summary>
    public Span<int> Classes => HasClasses ? _classes.AsSpan(0, TargetTime * Rows) : [];

    /// <summary>
    /// [TargetTime × R × Outputs], 0 or 1 under binary cross-entropy, any number under mean squared error; where
    /// the target's weight is 0 anything. Empty under softmax.
    /// </summary>
    public Span<float> Targets => HasClasses ? [] : _targets.AsSpan(0, TargetTime * Rows * _spec.Outputs);

    /// <summary>[TargetTime × R] weight of each target; 0: masked, it touches neither loss nor gradient.</summary>
    public Span<float> TargetWeights => _targetWeights.AsSpan(0, TargetTime * Rows);

    /// <summary>[R] valid steps of each row, from 1 to <see cref="Time"/>, which is where <see cref="Resize"/> sets them.</summary>
    public Span<int> Lengths => _lengths.AsSpan(0, Rows);

    /// <summary>Seed of the random numbers, after <see cref="Identify"/>.</summary>
    internal uint Seed { get; private set; }

    /// <summary>Training step of the batch, after <see cref="Identify"/>; −1: not said since <see cref="Resize"/>.</summary>
    internal long Step { get; private set; }

    /// <summary>[R] the rows' numbers in the global batch, after <see cref="Identify"/>.</summary>
    internal ReadOnlySpan<int> GlobalRows => _globalRows.AsSpan(0, Rows);

    private bool HasClasses => _spec.Loss == LossKind.SoftmaxCrossEntropy;

    /// <summary>Sets the shape of the next batch. What the spans held means nothing afterwards, nor who the rows were.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one time step, a negative number of rows, or more than the maximum.</exception>
    public void Resize(int time, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, _maxTime);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, _maxRows);
        (Time, Rows) = (time, rows);
        Lengths.Fill(time);
        Step = -1;
    }

    /// <summary>
    /// Says what random numbers are keyed by (B9), after <see cref="Resize"/>: <see cref="NetworkEngine.Gradient"/>
    /// needs it where there is dropout.
    /// </summary>
    /// <param name="seed">The recipe's.</param>
    /// <param name="step">Training step, from 0.</param>
    /// <param name="globalRows">[R] the number of each row in the global batch.</param>
    /// <exception cref="ArgumentException">There is not one number for each row, or one or the step is negative.</exception>
    public void Identify(uint seed, long step, ReadOnlySpan<int> globalRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (globalRows.Length != Rows)
        {
            throw new ArgumentException($"there are {globalRows.Length} global rows for {Rows} rows", nameof(globalRows));
        }

        foreach (var row in globalRows)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row, nameof(globalRows));
        }

        globalRows.CopyTo(_globalRows);
        (Seed, Step) = (seed, step);
    }
}
