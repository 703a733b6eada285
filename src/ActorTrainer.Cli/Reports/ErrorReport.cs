using System.Text.Json;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Reports;

/// <summary>The errors of a model of numbers, in the data's units, beside those of rules that learn nothing.</summary>
internal static class ErrorReport
{
    /// <summary>The method that is the model; all others are baselines.</summary>
    private const string Model = "model";

    /// <summary>A table of all errors; nothing where none are known.</summary>
    public static IEnumerable<string> ToText(Evaluation? evaluation) => evaluation is null || evaluation.Errors.Count == 0
        ? []
        : ["  errors           in the data's units", .. EvaluationReport.Errors(evaluation.Errors).Select(line => "  " + line)];

    /// <summary>
    /// Writes `validation_mae` and its kin, and `baselines` with the same by method; of several targets, whose units
    /// cannot be put into one number, each in an object of its name in `targets`.
    /// </summary>
    public static void Write(Utf8JsonWriter json, Evaluation? evaluation, JobNature job)
    {
        if (job.Targets != JobTargets.Numbers)
        {
            return;
        }

        var targets = evaluation is null ? [] : Targets(evaluation);
        if (targets.Count <= 1)
        {
            Write(json, targets.Count == 0 ? [] : [.. targets[0]], job);
            return;
        }

        json.WriteStartObject("targets");
        foreach (var target in targets)
        {
            json.WriteStartObject(target.Key);
            Write(json, [.. target], job);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, List<NumberErrors> methods, JobNature job)
    {
        Write(json, methods.Find(errors => errors.Method == Model), job);
        if (!job.IsForecast)
        {
            return;
        }

        json.WriteStartObject("baselines");
        foreach (var baseline in methods.Where(errors => errors.Method != Model))
        {
            json.WriteStartObject(baseline.Method.Replace(' ', '_'));
            Write(json, baseline, job);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, NumberErrors? errors, JobNature job)
    {
        TrainingSummary.WriteNumber(json, "validation_mae", errors?.MeanAbsoluteError);
        TrainingSummary.WriteNumber(json, "validation_rmse", errors?.RootMeanSquareError);
        if (job.IsForecast)
        {
            TrainingSummary.WriteNumber(json, "validation_mae_at_horizon", errors?.MeanAbsoluteErrorAtHorizon);
            TrainingSummary.WriteNumber(json, "validation_rmse_at_horizon", errors?.RootMeanSquareErrorAtHorizon);
        }
    }

    private static List<IGrouping<string, NumberErrors>> Targets(Evaluation evaluation) =>
        [.. evaluation.Errors.GroupBy(errors => errors.Target)];
}
