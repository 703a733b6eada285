using ActorTrainer.Data;
using ActorTrainer.Training.Recipes;
using static ActorTrainer.Gateway.Jobs.RecipeWriter;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Writes what a run learns from.</summary>
internal static class DataWriter
{
    public static Proto.Data Write(DataRecipe data) => data switch
    {
        DataRecipe.Text text => new Proto.Data
        {
            Text = new Proto.TextData
            {
                Sha256 = text.Sha256,
                SequenceLength = (uint)text.SequenceLength,
                ValidationFraction = text.ValidationFraction,
            },
        },
        DataRecipe.BinaryAddition addition => new Proto.Data
        {
            BinaryAddition = new Proto.BinaryAdditionData
            {
                Bits = (uint)addition.Bits,
                ValidationBits = (uint)addition.ValidationBits,
                ValidationSamples = (uint)addition.ValidationSamples,
            },
        },
        DataRecipe.Lines lines => new Proto.Data
        {
            Lines = new Proto.LinesData
            {
                Sha256 = lines.Sha256,
                ValidationFraction = lines.ValidationFraction,
                MaximumLength = (uint)lines.MaximumLength,
            },
        },
        DataRecipe.Forecast forecast => new Proto.Data { Forecast = WriteForecast(forecast) },
        DataRecipe.Sequences sequences => new Proto.Data { Sequences = WriteSequences(sequences) },
        DataRecipe.Images images => new Proto.Data { Images = WriteImages(images) },
        DataRecipe.AddingProblem adding => new Proto.Data
        {
            AddingProblem = new Proto.AddingProblemData { Length = (uint)adding.Length, ValidationSamples = (uint)adding.ValidationSamples },
        },
        DataRecipe.CopyMemory copy => new Proto.Data
        {
            CopyMemory = new Proto.CopyMemoryData
            {
                Delay = (uint)copy.Delay,
                Symbols = (uint)copy.Symbols,
                Length = (uint)copy.Length,
                ValidationSamples = (uint)copy.ValidationSamples,
            },
        },
        DataRecipe.SineMixture sine => new Proto.Data
        {
            SineMixture = new Proto.SineMixtureData
            {
                Length = (uint)sine.Length,
                Components = (uint)sine.Components,
                Noise = sine.Noise,
                ValidationSamples = (uint)sine.ValidationSamples,
            },
        },
        _ => throw NotInTheApi(data),
    };

    private static Proto.ForecastData WriteForecast(DataRecipe.Forecast forecast)
    {
        var written = new Proto.ForecastData
        {
            Sha256 = forecast.Sha256,
            Targets = { forecast.Targets },
            Inputs = { forecast.Inputs },
            Window = (uint)forecast.Window,
            Horizon = (uint)forecast.Horizon,
            Season = (uint)forecast.Season,
            ValidationFraction = forecast.ValidationFraction,
            Table = WriteTable(forecast.Table),
            Log = forecast.Log,
            Difference = (uint)forecast.Difference,
            Standardize = forecast.Standardize,
        };
        if (forecast.Time.Length > 0)
        {
            written.Time = forecast.Time;
        }

        return written;
    }

    private static Proto.SequencesData WriteSequences(DataRecipe.Sequences sequences) => new()
    {
        Sha256 = sequences.Sha256,
        Format = sequences.Format switch
        {
            SequencesFormat.Csv => Proto.SequencesFormat.Csv,
            SequencesFormat.JsonLines => Proto.SequencesFormat.JsonLines,
            var other => throw NotInTheApi(other),
        },
        Group = sequences.Group,
        Inputs = { sequences.Inputs },
        Label = sequences.Label,
        LabelKind = sequences.LabelKind switch
        {
            LabelKind.Class => Proto.LabelKind.Class,
            LabelKind.Number => Proto.LabelKind.Number,
            var other => throw NotInTheApi(other),
        },
        ValidationFraction = sequences.ValidationFraction,
        Validation = WriteFile(sequences.ValidationSha256),
        Table = WriteTable(sequences.Table),
        Standardize = sequences.Standardize,
        MaximumLength = (uint)sequences.MaximumLength,
    };

    private static Proto.ImagesData WriteImages(DataRecipe.Images images) => new()
    {
        Images = WriteFile(images.ImagesSha256),
        Labels = WriteFile(images.LabelsSha256),
        ValidationImages = WriteFile(images.ValidationImagesSha256),
        ValidationLabels = WriteFile(images.ValidationLabelsSha256),
        Layout = images.Layout switch
        {
            ImageLayout.Rows => Proto.ImageLayout.Rows,
            ImageLayout.Flat => Proto.ImageLayout.Flat,
            var other => throw NotInTheApi(other),
        },
    };

    private static Proto.TableFormat WriteTable(TableFormat table) => new()
    {
        Encoding = table.Encoding switch
        {
            TextEncoding.Utf8 => Proto.TextEncoding.Utf8,
            TextEncoding.Gbk => Proto.TextEncoding.Gbk,
            var other => throw NotInTheApi(other),
        },
        Delimiter = table.Delimiter,
        Missing = table.Missing switch
        {
            MissingValues.Error => Proto.MissingValues.Error,
            MissingValues.Previous => Proto.MissingValues.Previous,
            MissingValues.Mean => Proto.MissingValues.Mean,
            var other => throw NotInTheApi(other),
        },
    };

    private static Proto.DataFile? WriteFile(string? sha256) => sha256 is null ? null : new Proto.DataFile { Sha256 = sha256 };
}
