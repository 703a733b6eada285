using ActorTrainer.Training.Predictions;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Models;

/// <summary>An evaluation as the API says it.</summary>
internal static class EvaluationMapping
{
    public static Proto.Evaluation ToProto(ModelEvaluation evaluation, long step)
    {
        var mapped = new Proto.Evaluation { Step = (ulong)step, Sequences = (ulong)evaluation.Sequences, Loss = evaluation.Loss };
        if (evaluation.Accuracy is { } accuracy)
        {
            mapped.Accuracy = accuracy;
        }

        mapped.Errors.AddRange(evaluation.Errors.Select(ToProto));
        return mapped;
    }

    private static Proto.NumberErrors ToProto(NumberErrors errors)
    {
        var mapped = new Proto.NumberErrors
        {
            Target = errors.Target,
            Method = errors.Method,
            MeanAbsoluteError = errors.All.MeanAbsolute,
            RootMeanSquareError = errors.All.RootMeanSquare,
        };
        if (errors.AtHorizon is { } last)
        {
            mapped.MeanAbsoluteErrorAtHorizon = last.MeanAbsolute;
            mapped.RootMeanSquareErrorAtHorizon = last.RootMeanSquare;
        }

        return mapped;
    }
}
