using ActorTrainer.Data.Tables;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Forecasts;

/// <summary>
/// A table whose rows follow one another in time, as windows: w rows are seen, the h rows after them are
/// forecast. Features are the targets' columns, then the further inputs; outputs are step ahead major, then target.
/// </summary>
/// <remarks>
/// Of N rows the last V = ⌊N · validationFraction⌋ are validation. A training window ends, targets
/// included, before them; windows overlap, each is one sample of an epoch, and an epoch's order is keyed
/// (<see cref="EpochOrder"/>). A validation window has all its targets in the validation part, while
/// what it sees may reach back before it: V − h + 1 windows, in the order of the rows. With outputs at
/// every step the target of step t is the h rows after it; in validation only the last step counts, so
/// that either head is measured on the same forecasts.
/// </remarks>
public sealed class ForecastData : TrainingData
{
    private readonly ForecastSeries _series;
    private readonly EpochOrder _order;
    private readonly TextColumn? _time;

    /// <param name="file">A CSV; read to its end and left open.</param>
    /// <param name="head">Where the targets stand.</param>
    /// <param name="batchSize">Rows of a batch; at least 1.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="InvalidDataSetException">The file is no such table, has too few rows, or a value cannot be used.</exception>
    public ForecastData(Stream file, ForecastOptions options, Head head, int batchSize, uint seed, DataLimits limits)
        : this(options.ReadTable(file, limits), options, head, batchSize, seed)
    {
    }

    private ForecastData(Table table, ForecastOptions options, Head head, int batchSize, uint seed)
    {
        (Options, Head, BatchSize, Rows) = (options, head, batchSize, table.Rows);
        var validationRows = (int)(Rows * options.ValidationFraction);
        FirstValidationRow = Rows - validationRows;
        ForecastRows.Require(options, FirstValidationRow, validationRows);
        ValidationWindows = validationRows == 0 ? 0 : validationRows - options.Horizon + 1;
        _order = new EpochOrder(seed, FirstValidationRow - options.Difference - options.Window - options.Horizon + 1, batchSize);
        _series = ForecastSeries.Fit(table, options, FirstValidationRow);
        _time = options.Time.Length == 0 ? null : table.Texts(options.Time);
        Schema = new DataSchema(Input, InputSize, Outputs, null, [], _series.Scales, _series.Scales[..options.Targets.Length], []);
        Space = ForecastSpace.Of(options, Schema);
    }

    public ForecastOptions Options { get; }

    /// <summary>From outputs back to the data's units.</summary>
    public ForecastSpace Space { get; }

    /// <summary>Rows of the table.</summary>
    public int Rows { get; }

    /// <summary>Rows before this one are trained on, the others only validate.</summary>
    public int FirstValidationRow { get; }

    /// <summary>Windows that are trained on, each once in an epoch.</summary>
    public int TrainingWindows => _order.Samples;

    /// <summary>Windows of one whole validation, in the order of the rows: batch b holds those from b · batchSize on.</summary>
    public int ValidationWindows { get; }

    public override Head Head { get; }

    public override DataSchema Schema { get; }

    public override InputKind Input => InputKind.Features;

    public override int InputSize => Options.Features;

    public override int Outputs => Options.Outputs;

    public override LossKind NaturalLoss => LossKind.MeanSquaredError;

    public override bool CarriesState => false;

    public override int MaximumTime => Options.Window;

    public override int BatchSize { get; }

    public override long StepsPerEpoch => _order.StepsPerEpoch;

    public override long ValidationBatches => (ValidationWindows + (long)BatchSize - 1) / BatchSize;

    public override int TrainingRows(long step) => _order.Rows(step);

    public override int ValidationRows(long validationBatch)
    {
        RequireValidationBatch(validationBatch);
        return (int)Math.Min(BatchSize, ValidationWindows - (validationBatch * BatchSize));
    }

    public override bool TrainingStartsFromZeros(long step) => true;

    public override bool ValidationStartsFromZeros(long validationBatch) => true;

    /// <summary>The first row that a row of a training step sees.</summary>
    public int TrainingWindowStart(long step, int row) => Options.Difference + _order.Sample(step, row);

    /// <summary>The first of the rows that a validation window forecasts.</summary>
    public int FirstTargetRow(int validationWindow) => FirstValidationRow + RequireWindow(validationWindow);

    /// <summary>What names a row in the file; null where no column does.</summary>
    public string? TimeOf(int row) => _time?[row];

    /// <summary>[rows × targets] values from a row on, in the data's units.</summary>
    public ReadOnlySpan<double> Values(int row, int rows) => _series.Values(row, rows);

    /// <summary>[h × targets] what a validation window's targets are, in the data's units.</summary>
    public ReadOnlySpan<double> Actual(int validationWindow) => _series.Values(FirstTargetRow(validationWindow), Options.Horizon);

    /// <summary>What the network forecasts for a validation window, in the data's units.</summary>
    /// <param name="outputs">[h × targets] of the network at the window's last step.</param>
    /// <param name="values">[h × targets] receives the forecast.</param>
    public void Predict(int validationWindow, ReadOnlySpan<float> outputs, Span<double> values) =>
        Space.Restore(outputs, _series.Values(0, FirstTargetRow(validationWindow)), values);

    public override void FillTraining(SequenceBatch batch, long step, ReadOnlySpan<int> rows)
    {
        RequireStep(step);
        Shape(batch, Options.Window, rows, _order.Rows(step));
        for (var i = 0; i < rows.Length; i++)
        {
            Write(batch, i, TrainingWindowStart(step, rows[i]), earlyWeight: 1f);
        }
    }

    public override void FillValidation(SequenceBatch batch, long validationBatch, ReadOnlySpan<int> rows)
    {
        Shape(batch, Options.Window, rows, ValidationRows(validationBatch));
        for (var i = 0; i < rows.Length; i++)
        {
            var window = (int)(validationBatch * BatchSize) + rows[i];
            Write(batch, i, FirstTargetRow(window) - Options.Window, earlyWeight: 0f);
        }
    }

    private void Write(SequenceBatch batch, int row, int start, float earlyWeight)
    {
        var features = batch.Features;
        var targets = batch.Targets;
        var weights = batch.TargetWeights;
        for (var t = 0; t < Options.Window; t++)
        {
            _series.Seen(start + t, 1).CopyTo(features[(((t * batch.Rows) + row) * InputSize)..]);
        }

        var steps = batch.TargetTime;
        for (var t = 0; t < steps; t++)
        {
            var (place, first) = ((t * batch.Rows) + row, start + Options.Window - steps + t + 1);
            WriteTargets(targets.Slice(place * Outputs, Outputs), first);
            weights[place] = t == steps - 1 ? 1f : earlyWeight;
        }
    }

    private void WriteTargets(Span<float> targets, int firstRow)
    {
        var width = Options.Targets.Length;
        for (var ahead = 0; ahead < Options.Horizon; ahead++)
        {
            _series.Seen(firstRow + ahead, 1)[..width].CopyTo(targets[(ahead * width)..]);
        }
    }

    private int RequireWindow(int validationWindow) => (uint)validationWindow < (uint)ValidationWindows
        ? validationWindow
        : throw new ArgumentOutOfRangeException(
            nameof(validationWindow), validationWindow, $"validation window {validationWindow} does not exist; there are {ValidationWindows}, numbered from 0.");
}
