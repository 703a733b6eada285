namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// The input and the targets of some rows over some time steps, time-major: the element of step t and
/// row r stands at t · <see cref="Rows"/> + r. Made once for the largest shape and resized for each
/// batch without allocating; whoever fills it writes every element of the spans it is asked for.
/// </summary>
public sealed class SequenceBatch
{
    private readonly NetworkSpec _spec;
    private readonly int[] _symbols;
    private readonly float[] _features;
    private readonly int[] _classes;
    private readonly float[] _labels;
    private readonly float[] _targetWeights;
    private readonly int _maxTime;
    private readonly int _maxRows;

    /// <exception cref="ArgumentOutOfRangeException">A maximum is below 1.</exception>
    public SequenceBatch(NetworkSpec spec, int maxTime, int maxRows)
    {
        SpecCheck.Require(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTime, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        (_spec, _maxTime, _maxRows) = (spec, maxTime, maxRows);
        var targets = checked(maxTime * maxRows);
        _symbols = spec.Input == InputKind.Symbols ? new int[targets] : [];
        _features = spec.Input == InputKind.Features ? new float[checked(targets * spec.InputSize)] : [];
        _classes = spec.Loss == LossKind.SoftmaxCrossEntropy ? new int[targets] : [];
        _labels = spec.Loss == LossKind.BinaryCrossEntropy ? new float[checked(targets * spec.Outputs)] : [];
        _targetWeights = new float[targets];
        (Time, Rows) = (maxTime, maxRows);
    }

    public NetworkSpec Spec => _spec;

    /// <summary>Time steps now.</summary>
    public int Time { get; private set; }

    /// <summary>Rows now.</summary>
    public int Rows { get; private set; }

    /// <summary>[T × R], each below the input size. Empty unless the input is symbols.</summary>
    public Span<int> Symbols => _spec.Input == InputKind.Symbols ? _symbols.AsSpan(0, Time * Rows) : [];

    /// <summary>[T × R × InputSize]. Empty unless the input is features.</summary>
    public Span<float> Features =>
        _spec.Input == InputKind.Features ? _features.AsSpan(0, Time * Rows * _spec.InputSize) : [];

    /// <summary>[T × R], each below the outputs; where the target's weight is 0 anything. Empty unless the loss is softmax.</summary>
    public Span<int> Classes => _spec.Loss == LossKind.SoftmaxCrossEntropy ? _classes.AsSpan(0, Time * Rows) : [];

    /// <summary>[T × R × Outputs], 0 or 1. Empty unless the loss is binary cross-entropy.</summary>
    public Span<float> Labels =>
        _spec.Loss == LossKind.BinaryCrossEntropy ? _labels.AsSpan(0, Time * Rows * _spec.Outputs) : [];

    /// <summary>[T × R] weight of each target; 0: masked, it touches neither loss nor gradient.</summary>
    public Span<float> TargetWeights => _targetWeights.AsSpan(0, Time * Rows);

    /// <summary>Sets the shape of the next batch. What the spans held means nothing afterwards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one time step, a negative number of rows, or more than the maximum.</exception>
    public void Resize(int time, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, _maxTime);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, _maxRows);
        (Time, Rows) = (time, rows);
    }
}
