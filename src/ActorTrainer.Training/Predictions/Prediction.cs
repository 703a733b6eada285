using System.Collections.Immutable;
using ActorTrainer.Data.Predictions;

namespace ActorTrainer.Training.Predictions;

/// <summary>What a model makes of data.</summary>
/// <param name="Columns">What every row has.</param>
/// <param name="Rows">Computed as they are asked for, in the order of the data; can be gone through once for each asking.</param>
/// <param name="Past">Of a forecast: what came before it; null for others.</param>
public sealed record Prediction(PredictionColumns Columns, IEnumerable<PredictionRow> Rows, ForecastPast? Past);

/// <summary>The last rows before a forecast, to be drawn with it.</summary>
/// <param name="Rows">What names them; where no column does, their places from the last one, −n to 0.</param>
/// <param name="Targets">The first targets.</param>
/// <param name="Values">[target][row] in the data's units.</param>
public sealed record ForecastPast(ImmutableArray<string> Rows, ImmutableArray<string> Targets, ImmutableArray<ImmutableArray<double>> Values)
{
    /// <summary>Most rows; what is drawn needs no more.</summary>
    public const int MostRows = 512;

    /// <summary>Most targets.</summary>
    public const int MostTargets = 16;

    /// <summary>Most characters of what names a row; the rest is cut off.</summary>
    public const int LongestName = 64;
}
