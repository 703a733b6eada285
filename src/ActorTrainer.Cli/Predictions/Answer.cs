using ActorTrainer.Data.Predictions;
using ActorTrainer.Training.Predictions;

namespace ActorTrainer.Cli.Predictions;

/// <summary>What a model answered, of a node or from a file.</summary>
/// <param name="Columns">Null: there is no row.</param>
/// <param name="Rows">To be gone through once.</param>
/// <param name="Past">Of a forecast: what came before.</param>
internal sealed record Answer(PredictionColumns? Columns, IEnumerable<PredictionRow> Rows, ForecastPast? Past);
