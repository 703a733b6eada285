using System.Collections.Immutable;

namespace ActorTrainer.Data.Forecasts;

/// <summary>How far forecasts are from what came, over every validation window, in the data's units.</summary>
/// <param name="Windows">Forecasts that were measured.</param>
/// <param name="Targets">In the order of the targets.</param>
public sealed record ForecastErrors(int Windows, ImmutableArray<TargetErrors> Targets);

/// <summary>The errors of one target.</summary>
/// <param name="Target">The column's name.</param>
/// <param name="AllSteps">Over all steps ahead.</param>
/// <param name="LastStep">Of the farthest step ahead alone: "one year ahead" where twelve months are forecast.</param>
public sealed record TargetErrors(string Target, ErrorMeasures AllSteps, ErrorMeasures LastStep);

/// <param name="MeanAbsolute">Mean of |forecast − actual|.</param>
/// <param name="RootMeanSquare">√ of the mean of (forecast − actual)².</param>
public sealed record ErrorMeasures(double MeanAbsolute, double RootMeanSquare);
