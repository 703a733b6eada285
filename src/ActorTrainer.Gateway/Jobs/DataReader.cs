using ActorTrainer.Data;
using ActorTrainer.Training.Recipes;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Reads what a run learns from.</summary>
internal sealed class DataReader(FieldProblems problems)
{
    private const string Path = "recipe.data";

    /// <returns>Null if nothing was chosen, which is noted.</returns>
    public DataRecipe? Read(Proto.Data? data)
    {
        switch (data?.SourceCase)
        {
            case Proto.Data.SourceOneofCase.Text:
                return ReadText(data.Text);
            case Proto.Data.SourceOneofCase.BinaryAddition:
                return ReadAddition(data.BinaryAddition);
            case Proto.Data.SourceOneofCase.Lines:
                return ReadLines(data.Lines);
            case Proto.Data.SourceOneofCase.Forecast:
                return ReadForecast(data.Forecast);
            case Proto.Data.SourceOneofCase.Sequences:
                return ReadSequences(data.Sequences);
            case Proto.Data.SourceOneofCase.Images:
                return ReadImages(data.Images);
            case Proto.Data.SourceOneofCase.AddingProblem:
                return ReadAdding(data.AddingProblem);
            case Proto.Data.SourceOneofCase.CopyMemory:
                return ReadCopy(data.CopyMemory);
            case Proto.Data.SourceOneofCase.SineMixture:
                return ReadSine(data.SineMixture);
            default:
                problems.Missing(Path, "text, binary_addition, lines, forecast, sequences, images, adding_problem, copy_memory or sine_mixture");
                return null;
        }
    }

    private DataRecipe.Text ReadText(Proto.TextData text) => new(
        text.Sha256,
        problems.Int($"{Path}.text.sequence_length", text.HasSequenceLength ? text.SequenceLength : SpecDefaults.SequenceLength),
        text.HasValidationFraction ? text.ValidationFraction : SpecDefaults.ValidationFraction);

    private DataRecipe.BinaryAddition ReadAddition(Proto.BinaryAdditionData addition) => new(
        problems.Int($"{Path}.binary_addition.bits", addition.HasBits ? addition.Bits : SpecDefaults.Bits),
        problems.Int($"{Path}.binary_addition.validation_bits", addition.HasValidationBits ? addition.ValidationBits : SpecDefaults.ValidationBits),
        Samples("binary_addition", addition.HasValidationSamples ? addition.ValidationSamples : SpecDefaults.ValidationSamples));

    private DataRecipe.Lines ReadLines(Proto.LinesData lines) => new(
        lines.Sha256,
        lines.HasValidationFraction ? lines.ValidationFraction : SpecDefaults.ValidationFraction,
        problems.Int($"{Path}.lines.maximum_length", lines.HasMaximumLength ? lines.MaximumLength : SpecDefaults.LineLength));

    private DataRecipe.Forecast ReadForecast(Proto.ForecastData forecast)
    {
        const string Field = $"{Path}.forecast";
        return new DataRecipe.Forecast(
            forecast.Sha256,
            [.. forecast.Targets],
            [.. forecast.Inputs],
            problems.Int($"{Field}.window", forecast.Window),
            problems.Int($"{Field}.horizon", forecast.HasHorizon ? forecast.Horizon : SpecDefaults.Horizon),
            problems.Int($"{Field}.season", forecast.HasSeason ? forecast.Season : SpecDefaults.Season),
            forecast.HasValidationFraction ? forecast.ValidationFraction : SpecDefaults.TableValidationFraction,
            ReadTable(forecast.Table, $"{Field}.table"),
            forecast.HasLog ? forecast.Log : SpecDefaults.Log,
            problems.Int($"{Field}.difference", forecast.HasDifference ? forecast.Difference : SpecDefaults.Difference),
            forecast.HasStandardize ? forecast.Standardize : SpecDefaults.Standardize,
            forecast.Time);
    }

    private DataRecipe.Sequences ReadSequences(Proto.SequencesData sequences)
    {
        const string Field = $"{Path}.sequences";
        return new DataRecipe.Sequences(
            sequences.Sha256,
            sequences.Format switch
            {
                Proto.SequencesFormat.Unspecified or Proto.SequencesFormat.Csv => SequencesFormat.Csv,
                Proto.SequencesFormat.JsonLines => SequencesFormat.JsonLines,
                var other => problems.Unknown($"{Field}.format", other, "SEQUENCES_FORMAT_CSV or SEQUENCES_FORMAT_JSON_LINES", SequencesFormat.Csv),
            },
            sequences.Group,
            [.. sequences.Inputs],
            sequences.Label,
            sequences.LabelKind switch
            {
                Proto.LabelKind.Unspecified or Proto.LabelKind.Class => LabelKind.Class,
                Proto.LabelKind.Number => LabelKind.Number,
                var other => problems.Unknown($"{Field}.label_kind", other, "LABEL_KIND_CLASS or LABEL_KIND_NUMBER", LabelKind.Class),
            },
            Fraction(sequences),
            sequences.Validation?.Sha256,
            ReadTable(sequences.Table, $"{Field}.table"),
            sequences.HasStandardize ? sequences.Standardize : SpecDefaults.Standardize,
            problems.Int($"{Field}.maximum_length", sequences.HasMaximumLength ? sequences.MaximumLength : SpecDefaults.SequenceMaximum));
    }

    /// <summary>With a file for validation nothing is split off, unless it is asked for, which is refused elsewhere.</summary>
    private static double Fraction(Proto.SequencesData sequences)
    {
        if (sequences.HasValidationFraction)
        {
            return sequences.ValidationFraction;
        }

        return sequences.Validation is null ? SpecDefaults.TableValidationFraction : 0;
    }

    private DataRecipe.Images ReadImages(Proto.ImagesData images) => new(
        images.Images?.Sha256 ?? "",
        images.Labels?.Sha256 ?? "",
        images.ValidationImages?.Sha256,
        images.ValidationLabels?.Sha256,
        images.Layout switch
        {
            Proto.ImageLayout.Unspecified or Proto.ImageLayout.Rows => ImageLayout.Rows,
            Proto.ImageLayout.Flat => ImageLayout.Flat,
            var other => problems.Unknown($"{Path}.images.layout", other, "IMAGE_LAYOUT_ROWS or IMAGE_LAYOUT_FLAT", ImageLayout.Rows),
        });

    private DataRecipe.AddingProblem ReadAdding(Proto.AddingProblemData adding) => new(
        problems.Int($"{Path}.adding_problem.length", adding.HasLength ? adding.Length : SpecDefaults.AddingLength),
        Samples("adding_problem", adding.HasValidationSamples ? adding.ValidationSamples : SpecDefaults.ValidationSamples));

    private DataRecipe.CopyMemory ReadCopy(Proto.CopyMemoryData copy) => new(
        problems.Int($"{Path}.copy_memory.delay", copy.HasDelay ? copy.Delay : SpecDefaults.CopyDelay),
        problems.Int($"{Path}.copy_memory.symbols", copy.HasSymbols ? copy.Symbols : SpecDefaults.CopySymbols),
        problems.Int($"{Path}.copy_memory.length", copy.HasLength ? copy.Length : SpecDefaults.CopyLength),
        Samples("copy_memory", copy.HasValidationSamples ? copy.ValidationSamples : SpecDefaults.ValidationSamples));

    private DataRecipe.SineMixture ReadSine(Proto.SineMixtureData sine) => new(
        problems.Int($"{Path}.sine_mixture.length", sine.HasLength ? sine.Length : SpecDefaults.SineLength),
        problems.Int($"{Path}.sine_mixture.components", sine.HasComponents ? sine.Components : SpecDefaults.SineComponents),
        sine.HasNoise ? sine.Noise : SpecDefaults.SineNoise,
        Samples("sine_mixture", sine.HasValidationSamples ? sine.ValidationSamples : SpecDefaults.SineValidationSamples));

    internal TableFormat ReadTable(Proto.TableFormat? table, string path)
    {
        table ??= new Proto.TableFormat();
        return new TableFormat(
            table.Encoding switch
            {
                Proto.TextEncoding.Unspecified or Proto.TextEncoding.Utf8 => TextEncoding.Utf8,
                Proto.TextEncoding.Gbk => TextEncoding.Gbk,
                var other => problems.Unknown($"{path}.encoding", other, "TEXT_ENCODING_UTF_8 or TEXT_ENCODING_GBK", TextEncoding.Utf8),
            },
            table.HasDelimiter ? table.Delimiter : SpecDefaults.Delimiter,
            table.Missing switch
            {
                Proto.MissingValues.Unspecified or Proto.MissingValues.Error => MissingValues.Error,
                Proto.MissingValues.Previous => MissingValues.Previous,
                Proto.MissingValues.Mean => MissingValues.Mean,
                var other => problems.Unknown(
                    $"{path}.missing", other, "MISSING_VALUES_ERROR, MISSING_VALUES_PREVIOUS or MISSING_VALUES_MEAN", MissingValues.Error),
            });
    }

    private int Samples(string data, uint samples) => problems.Int($"{Path}.{data}.validation_samples", samples);
}
