using ActorTrainer.Data;

namespace ActorTrainer.Training.Recipes;

/// <summary>Holds what is learned from to written bounds; what a file holds is found out when it is opened.</summary>
internal static class DataValidation
{
    private const string AllKinds =
        "text, binary_addition, lines, forecast, sequences, images, adding_problem, copy_memory or sine_mixture";

    public static void Check(DataRecipe data, ViolationList violations)
    {
        switch (data)
        {
            case DataRecipe.Text text:
                CheckFile("recipe.data.text", text.Sha256, violations);
                violations.Range("recipe.data.text.sequence_length", text.SequenceLength, 1, RecipeLimits.MaxSequenceLength, "time steps");
                CheckFraction("recipe.data.text", text.ValidationFraction, violations);
                break;
            case DataRecipe.BinaryAddition addition:
                violations.Range("recipe.data.binary_addition.bits", addition.Bits, RecipeLimits.MinBits, RecipeLimits.MaxBits);
                violations.Range("recipe.data.binary_addition.validation_bits", addition.ValidationBits, RecipeLimits.MinBits, RecipeLimits.MaxBits);
                CheckSamples("recipe.data.binary_addition", addition.ValidationSamples, violations);
                break;
            case DataRecipe.Lines lines:
                CheckFile("recipe.data.lines", lines.Sha256, violations);
                CheckFraction("recipe.data.lines", lines.ValidationFraction, violations);
                violations.Range("recipe.data.lines.maximum_length", lines.MaximumLength, 1, RecipeLimits.MaxLineLength, "characters");
                break;
            case DataRecipe.Forecast forecast:
                CheckForecast(forecast, violations);
                break;
            case DataRecipe.Sequences sequences:
                CheckSequences(sequences, violations);
                break;
            case DataRecipe.Images images:
                CheckImages(images, violations);
                break;
            case DataRecipe.AddingProblem adding:
                violations.Range("recipe.data.adding_problem.length", adding.Length, 2, RecipeLimits.MaxSequenceLength, "time steps");
                CheckSamples("recipe.data.adding_problem", adding.ValidationSamples, violations);
                break;
            case DataRecipe.CopyMemory copy:
                violations.Range("recipe.data.copy_memory.delay", copy.Delay, 0, RecipeLimits.MaxSequenceLength - 3, "time steps");
                violations.Range("recipe.data.copy_memory.symbols", copy.Symbols, 2, RecipeLimits.MaxCopySymbols);
                violations.Range("recipe.data.copy_memory.length", copy.Length, 1, RecipeLimits.MaxCopyLength, "symbols");
                if (copy is { Delay: >= 0, Length: >= 1 } && (long)copy.Delay + (2L * copy.Length) + 1 is var time and > RecipeLimits.MaxSequenceLength)
                {
                    violations.Add(
                        "recipe.data.copy_memory",
                        $"2 · length + delay + 1 = {time} time steps",
                        $"at most {RecipeLimits.MaxSequenceLength} time steps");
                }

                CheckSamples("recipe.data.copy_memory", copy.ValidationSamples, violations);
                break;
            case DataRecipe.SineMixture sine:
                violations.Range("recipe.data.sine_mixture.length", sine.Length, 2, RecipeLimits.MaxSequenceLength, "time steps");
                violations.Range("recipe.data.sine_mixture.components", sine.Components, 1, RecipeLimits.MaxComponents, "waves");
                violations.Range("recipe.data.sine_mixture.noise", sine.Noise, 0, RecipeLimits.MaxNoise);
                CheckSamples("recipe.data.sine_mixture", sine.ValidationSamples, violations);
                break;
            default:
                violations.Add("recipe.data", "nothing", AllKinds);
                break;
        }
    }

    private static void CheckForecast(DataRecipe.Forecast forecast, ViolationList violations)
    {
        const string Field = "recipe.data.forecast";
        CheckFile(Field, forecast.Sha256, violations);
        var columns = new ColumnCheck(violations);
        columns.Take($"{Field}.targets", forecast.Targets, atLeast: 1);
        columns.Take($"{Field}.inputs", forecast.Inputs, atLeast: 0);
        if (forecast.Time.Length > 0)
        {
            columns.Take($"{Field}.time", forecast.Time);
        }

        violations.Range($"{Field}.window", forecast.Window, 1, RecipeLimits.MaxWindow, "rows");
        violations.Range($"{Field}.horizon", forecast.Horizon, 1, RecipeLimits.MaxHorizon, "rows");
        violations.Range($"{Field}.season", forecast.Season, 0, RecipeLimits.MaxWindow, "rows");
        violations.Range($"{Field}.difference", forecast.Difference, 0, RecipeLimits.MaxWindow, "rows");
        CheckFraction(Field, forecast.ValidationFraction, violations);
        CheckTable($"{Field}.table", forecast.Table, violations);
        var outputs = forecast.Targets.IsDefault ? 0 : (long)forecast.Targets.Length * forecast.Horizon;
        if (outputs > RecipeLimits.MaxUnits)
        {
            violations.Add(
                $"{Field}.horizon",
                $"{forecast.Horizon} rows of {forecast.Targets.Length} targets, {outputs} outputs",
                $"at most {RecipeLimits.MaxUnits} outputs");
        }
    }

    private static void CheckSequences(DataRecipe.Sequences sequences, ViolationList violations)
    {
        const string Field = "recipe.data.sequences";
        CheckFile(Field, sequences.Sha256, violations);
        CheckChoice($"{Field}.format", sequences.Format, RecipeNames.SequencesFormats, violations);
        CheckChoice($"{Field}.label_kind", sequences.LabelKind, RecipeNames.LabelKinds, violations);
        var columns = new ColumnCheck(violations);
        if (sequences.Format == SequencesFormat.Csv)
        {
            columns.Take($"{Field}.group", sequences.Group);
        }
        else if (!string.IsNullOrEmpty(sequences.Group))
        {
            violations.Add($"{Field}.group", ViolationList.Quoted(sequences.Group), "nothing: of JSON lines, each line is a sequence");
        }

        columns.Take($"{Field}.inputs", sequences.Inputs, atLeast: 1);
        columns.Take($"{Field}.label", sequences.Label);
        if (sequences.ValidationSha256 is { } validation)
        {
            CheckFile($"{Field}.validation", validation, violations);
            violations.Number(
                $"{Field}.validation_fraction",
                sequences.ValidationFraction,
                sequences.ValidationFraction == 0,
                "0, or nothing, because there is a file for validation");
        }
        else
        {
            CheckFraction(Field, sequences.ValidationFraction, violations);
        }

        CheckTable($"{Field}.table", sequences.Table, violations);
        if (sequences is { Standardize: false, Table.Missing: MissingValues.Mean })
        {
            violations.Add($"{Field}.table.missing", "mean with standardize: false", "mean only with standardize: true, for a model remembers the mean then; or previous, or error");
        }

        if (sequences is { Format: SequencesFormat.JsonLines, Table: { } table } && table != TableFormat.Default with { Missing = table.Missing })
        {
            violations.Add($"{Field}.table", "an encoding or a delimiter", "only missing: JSON lines are UTF-8 and have no delimiter");
        }

        violations.Range($"{Field}.maximum_length", sequences.MaximumLength, 1, RecipeLimits.MaxSequenceLength, "time steps");
    }

    private static void CheckImages(DataRecipe.Images images, ViolationList violations)
    {
        const string Field = "recipe.data.images";
        CheckFile($"{Field}.images", images.ImagesSha256, violations);
        CheckFile($"{Field}.labels", images.LabelsSha256, violations);
        if (images.ValidationImagesSha256 is not null || images.ValidationLabelsSha256 is not null)
        {
            CheckFile($"{Field}.validation_images", images.ValidationImagesSha256, violations);
            CheckFile($"{Field}.validation_labels", images.ValidationLabelsSha256, violations);
        }

        CheckChoice($"{Field}.layout", images.Layout, RecipeNames.ImageLayouts, violations);
    }

    private static void CheckTable(string field, TableFormat? table, ViolationList violations)
    {
        if (table is null)
        {
            violations.Add(field, "nothing", "encoding, delimiter and missing");
            return;
        }

        CheckChoice($"{field}.encoding", table.Encoding, RecipeNames.Encodings, violations);
        CheckChoice($"{field}.missing", table.Missing, RecipeNames.MissingValues, violations);
        if (!TableFormat.IsDelimiter(table.Delimiter))
        {
            violations.Add(
                $"{field}.delimiter",
                ViolationList.Quoted(table.Delimiter ?? ""),
                TableFormat.AllowedDelimiter);
        }
    }

    private static void CheckChoice<T>(string field, T value, NameTable<T> names, ViolationList violations)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            violations.Add(field, value.ToString(), names.All);
        }
    }

    private static void CheckFile(string field, string? sha256, ViolationList violations)
    {
        if (sha256 is not { Length: 64 } || sha256.AsSpan().IndexOfAnyExcept("0123456789abcdef") >= 0)
        {
            violations.Add($"{field}.sha256", ViolationList.Quoted(sha256 ?? ""), "64 lower-case hexadecimal digits");
        }
    }

    private static void CheckFraction(string field, double fraction, ViolationList violations) =>
        violations.Range($"{field}.validation_fraction", fraction, 0, RecipeLimits.MaxValidationFraction);

    private static void CheckSamples(string field, int samples, ViolationList violations) =>
        violations.Range($"{field}.validation_samples", samples, 0, RecipeLimits.MaxValidationSamples);
}
