using System.Collections.Immutable;
using ActorTrainer.Data.Forecasts;

namespace ActorTrainer.Training.Predictions;

/// <summary>How good weights are on the whole validation part of their data.</summary>
/// <param name="Sequences">Sequences, or windows, that were looked at.</param>
/// <param name="Loss">Mean over the targets (B5), as training measures it.</param>
/// <param name="Accuracy">Share of the targets that were predicted right; null where targets are numbers.</param>
/// <param name="Errors">Of numbers: the model's, and of forecasts beside them those of rules that learn nothing; by target, then by method.</param>
public sealed record ModelEvaluation(long Sequences, double Loss, double? Accuracy, ImmutableArray<NumberErrors> Errors);

/// <summary>How far one method is from one number, in the data's units.</summary>
/// <param name="Target">The column, or the field.</param>
/// <param name="Method">One of the constants.</param>
/// <param name="All">Over all targets; of forecasts over all rows ahead.</param>
/// <param name="AtHorizon">Of forecasts: of the last row ahead alone; null for others.</param>
public sealed record NumberErrors(string Target, string Method, ErrorMeasures All, ErrorMeasures? AtHorizon)
{
    public const string Model = "model";
    public const string LastValue = "last value";
    public const string LastSeason = "last season";
}
