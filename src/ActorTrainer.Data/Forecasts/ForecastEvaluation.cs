namespace ActorTrainer.Data.Forecasts;

/// <summary>
/// Measures forecasts of every validation window, one after the other in their order, so that the sums are
/// the same wherever they are taken (double, windows ascending, steps ahead ascending within a window).
/// </summary>
public sealed class ForecastEvaluation
{
    private readonly ForecastData _data;
    private readonly double[] _forecast;
    private readonly Sums[] _all;
    private readonly Sums[] _last;

    public ForecastEvaluation(ForecastData data)
    {
        var targets = data.Options.Targets.Length;
        (_data, _forecast, _all, _last) = (data, new double[data.Outputs], new Sums[targets], new Sums[targets]);
    }

    /// <summary>Windows so far: the next one is added under this number.</summary>
    public int Windows { get; private set; }

    /// <summary>Whether every validation window was added.</summary>
    public bool IsWhole => Windows == _data.ValidationWindows;

    /// <summary>Adds what the network forecasts for the next validation window.</summary>
    /// <param name="outputs">[h × targets] of the network at the window's last step.</param>
    /// <exception cref="ArgumentOutOfRangeException">Every window was added before.</exception>
    public void AddOutputs(ReadOnlySpan<float> outputs)
    {
        _data.Predict(Windows, outputs, _forecast);
        AddForecast(_forecast);
    }

    /// <summary>Adds a forecast for the next validation window.</summary>
    /// <param name="values">[h × targets] in the data's units.</param>
    /// <inheritdoc cref="AddOutputs"/>
    public void AddForecast(ReadOnlySpan<double> values)
    {
        var actual = _data.Actual(Windows);
        if (values.Length != actual.Length)
        {
            throw new ArgumentException($"the forecast has {values.Length} values; a window has {actual.Length}.", nameof(values));
        }

        for (var i = 0; i < values.Length; i++)
        {
            var (target, error) = (i % _all.Length, values[i] - actual[i]);
            _all[target].Add(error);
            if (i >= values.Length - _all.Length)
            {
                _last[target].Add(error);
            }
        }

        Windows++;
    }

    /// <summary>The errors of the windows that were added; null without one.</summary>
    public ForecastErrors? Errors() => Windows == 0
        ? null
        : new(Windows, [.. _data.Options.Targets.Select((name, i) => new TargetErrors(name, _all[i].Measures(), _last[i].Measures()))]);

    private struct Sums
    {
        private long _count;
        private double _absolute;
        private double _squares;

        public void Add(double error)
        {
            _count++;
            _absolute += Math.Abs(error);
            _squares += error * error;
        }

        public readonly ErrorMeasures Measures() => new(_absolute / _count, Math.Sqrt(_squares / _count));
    }
}
