using System.Globalization;
using System.Text.Json.Nodes;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Reports;

/// <summary>An evaluation as a small table, or as JSON.</summary>
internal static class EvaluationReport
{
    /// <summary>Rows of a table that are shown; the rest is counted.</summary>
    private const int MostErrors = 60;

    public static IEnumerable<string> ToText(string job, Evaluation evaluation)
    {
        yield return $"{job} after {Quantity.Of((long)evaluation.Step, "step")}, on {Quantity.Of((long)evaluation.Sequences, "validation sequence")}";
        yield return "";
        yield return $"  loss      {Quantity.Loss(evaluation.Loss)}";
        if (evaluation.HasAccuracy)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  accuracy  {100 * evaluation.Accuracy:0.00} %");
        }

        if (evaluation.Errors.Count > 0)
        {
            yield return "";
            foreach (var line in Errors(evaluation.Errors))
            {
                yield return line;
            }
        }
    }

    public static string ToJson(string job, Evaluation evaluation)
    {
        var json = new JsonObject
        {
            ["job"] = job,
            ["step"] = evaluation.Step,
            ["sequences"] = evaluation.Sequences,
            ["loss"] = Number(evaluation.Loss),
        };
        if (evaluation.HasAccuracy)
        {
            json["accuracy"] = Number(evaluation.Accuracy);
        }

        if (evaluation.Errors.Count > 0)
        {
            json["errors"] = new JsonArray([.. evaluation.Errors.Select(ToJson)]);
        }

        return json.ToJsonString();
    }

    private static JsonObject ToJson(NumberErrors errors)
    {
        var json = new JsonObject
        {
            ["target"] = errors.Target,
            ["method"] = errors.Method,
            ["mean_absolute_error"] = Number(errors.MeanAbsoluteError),
            ["root_mean_square_error"] = Number(errors.RootMeanSquareError),
        };
        if (errors.HasMeanAbsoluteErrorAtHorizon)
        {
            json["mean_absolute_error_at_horizon"] = Number(errors.MeanAbsoluteErrorAtHorizon);
            json["root_mean_square_error_at_horizon"] = Number(errors.RootMeanSquareErrorAtHorizon);
        }

        return json;
    }

    // JSON has no number for what overflowed.
    private static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    /// <summary>A row for each target and method, in columns as wide as what stands in them.</summary>
    /// <param name="all">Not empty; by target.</param>
    internal static IEnumerable<string> Errors(IReadOnlyList<NumberErrors> all)
    {
        var format = Format(all.Take(MostErrors));
        var atHorizon = all[0].HasMeanAbsoluteErrorAtHorizon;
        string[] names = ["", "", "MAE", "RMSE", .. atHorizon ? ["MAE at horizon", "RMSE at horizon"] : Array.Empty<string>()];
        var rows = new List<string[]> { names };
        for (var i = 0; i < all.Count && i < MostErrors; i++)
        {
            var errors = all[i];
            var isNew = i == 0 || all[i - 1].Target != errors.Target;
            string[] numbers = atHorizon
                ? [Written(errors.MeanAbsoluteErrorAtHorizon), Written(errors.RootMeanSquareErrorAtHorizon)]
                : [];
            rows.Add([isNew ? SampleBlock.Clean(errors.Target) : "", errors.Method, Written(errors.MeanAbsoluteError), Written(errors.RootMeanSquareError), .. numbers]);
        }

        var widths = Enumerable.Range(0, names.Length).Select(column => rows.Max(row => Terminals.DisplayWidth.Of(row[column]))).ToArray();
        foreach (var row in rows)
        {
            yield return "  " + string.Join("  ", row.Select((cell, column) => Padded(cell, widths[column], isNumber: column > 1))).TrimEnd();
        }

        if (all.Count > MostErrors)
        {
            yield return $"  and {Quantity.Count(all.Count - MostErrors)} more";
        }

        string Written(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Padded(string cell, int width, bool isNumber)
    {
        var blanks = new string(' ', width - Terminals.DisplayWidth.Of(cell));
        return isNumber ? blanks + cell : cell + blanks;
    }

    /// <summary>One format for all, so that they can be compared: four digits of the smallest that is not 0.</summary>
    private static string Format(IEnumerable<NumberErrors> all)
    {
        var smallest = all.SelectMany(errors => new[] { errors.MeanAbsoluteError, errors.RootMeanSquareError })
            .Where(error => error > 0 && double.IsFinite(error))
            .DefaultIfEmpty(1)
            .Min();
        var decimals = 3 - (int)Math.Floor(Math.Log10(smallest));
        return decimals switch
        {
            <= 0 => "0",
            <= 7 => "0." + new string('0', decimals),
            _ => "0.000e0",
        };
    }
}
