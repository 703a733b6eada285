using System.Collections.Immutable;
using ActorTrainer.Numerics;

namespace ActorTrainer.Data.Forecasts;

/// <summary>The way back from a network's outputs to the units of the data.</summary>
/// <param name="Targets">Scales of the targets.</param>
/// <param name="Horizon">Rows ahead, h.</param>
/// <param name="Log">The network learned logarithms.</param>
/// <param name="Difference">The network learned changes from so many rows before, d; 0: it did not.</param>
public sealed record ForecastSpace(ImmutableArray<ColumnScale> Targets, int Horizon, bool Log, int Difference)
{
    /// <summary>The space of a model whose schema this is.</summary>
    public static ForecastSpace Of(ForecastOptions options, DataSchema schema) => new(schema.Targets, options.Horizon, options.Log, options.Difference);

    /// <summary>
    /// Undoes scale, difference and logarithm, in this order. Where a forecast reaches further than the
    /// difference, its own earlier steps are what the changes are added to.
    /// </summary>
    /// <param name="outputs">[h × targets] of the network.</param>
    /// <param name="history">[rows × targets], at least d rows, the last of them the last row seen; in the data's units.</param>
    /// <param name="values">[h × targets] receives the forecast in the data's units; +∞ where exp overflows.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public void Restore(ReadOnlySpan<float> outputs, ReadOnlySpan<double> history, Span<double> values)
    {
        var (width, back) = (Targets.Length, Difference * Targets.Length);
        if (outputs.Length != Horizon * width || values.Length != outputs.Length || history.Length < back)
        {
            throw new ArgumentException(
                $"there are {outputs.Length} outputs, {history.Length} values of history and room for {values.Length}; "
                + $"{Horizon} steps of {width} targets need {Horizon * width}, at least {back}, and {Horizon * width}.");
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            values[i] = Targets[i % width].Restore(outputs[i]);
            if (Difference > 0)
            {
                values[i] += i >= back ? values[i - back] : Level(history[history.Length - back + i]);
            }
        }

        for (var i = 0; Log && i < values.Length; i++)
        {
            values[i] = DoubleFunctions.Exp(values[i]);
        }
    }

    private double Level(double value) => Log ? DoubleFunctions.Log(value) : value;
}
