using System.Text.Json.Nodes;
using ActorTrainer.Data;
using static ActorTrainer.Training.Recipes.JsonPart;

namespace ActorTrainer.Training.Recipes;

/// <summary>What is learned from, as canonical JSON.</summary>
internal static class DataJson
{
    private static readonly string[] Kinds =
    [
        "text", "binary_addition", "lines", "forecast", "sequences", "images", "adding_problem", "copy_memory", "sine_mixture",
    ];

    public static JsonObject Write(DataRecipe data) => data switch
    {
        DataRecipe.Text text => Kind("text", new JsonObject
        {
            ["sha256"] = text.Sha256,
            ["sequence_length"] = text.SequenceLength,
            ["validation_fraction"] = Number(text.ValidationFraction),
        }),
        DataRecipe.BinaryAddition addition => Kind("binary_addition", new JsonObject
        {
            ["bits"] = addition.Bits,
            ["validation_bits"] = addition.ValidationBits,
            ["validation_samples"] = addition.ValidationSamples,
        }),
        DataRecipe.Lines lines => Kind("lines", new JsonObject
        {
            ["sha256"] = lines.Sha256,
            ["validation_fraction"] = Number(lines.ValidationFraction),
            ["maximum_length"] = lines.MaximumLength,
        }),
        DataRecipe.Forecast forecast => Kind("forecast", Forecast(forecast)),
        DataRecipe.Sequences sequences => Kind("sequences", Sequences(sequences)),
        DataRecipe.Images images => Kind("images", Images(images)),
        DataRecipe.AddingProblem adding => Kind("adding_problem", new JsonObject
        {
            ["length"] = adding.Length,
            ["validation_samples"] = adding.ValidationSamples,
        }),
        DataRecipe.CopyMemory copy => Kind("copy_memory", new JsonObject
        {
            ["delay"] = copy.Delay,
            ["symbols"] = copy.Symbols,
            ["length"] = copy.Length,
            ["validation_samples"] = copy.ValidationSamples,
        }),
        DataRecipe.SineMixture sine => Kind("sine_mixture", new JsonObject
        {
            ["length"] = sine.Length,
            ["components"] = sine.Components,
            ["noise"] = Number(sine.Noise),
            ["validation_samples"] = sine.ValidationSamples,
        }),
        _ => throw Unknown(data),
    };

    public static DataRecipe Read(JsonFields fields)
    {
        var (kind, of) = fields.OneOf(Kinds);
        return of.Complete<DataRecipe>(kind switch
        {
            "text" => new DataRecipe.Text(of.String("sha256"), of.Int32("sequence_length"), of.Double("validation_fraction")),
            "binary_addition" => new DataRecipe.BinaryAddition(of.Int32("bits"), of.Int32("validation_bits"), of.Int32("validation_samples")),
            "lines" => new DataRecipe.Lines(of.String("sha256"), of.Double("validation_fraction"), of.Int32("maximum_length")),
            "forecast" => ReadForecast(of),
            "sequences" => ReadSequences(of),
            "images" => new DataRecipe.Images(
                File(of, "images"),
                File(of, "labels"),
                of.Has("validation_images") ? File(of, "validation_images") : null,
                of.Has("validation_labels") ? File(of, "validation_labels") : null,
                of.Choice("layout", RecipeNames.ImageLayouts)),
            "adding_problem" => new DataRecipe.AddingProblem(of.Int32("length"), of.Int32("validation_samples")),
            "copy_memory" => new DataRecipe.CopyMemory(of.Int32("delay"), of.Int32("symbols"), of.Int32("length"), of.Int32("validation_samples")),
            _ => new DataRecipe.SineMixture(of.Int32("length"), of.Int32("components"), of.Double("noise"), of.Int32("validation_samples")),
        });
    }

    private static JsonObject Forecast(DataRecipe.Forecast forecast)
    {
        var json = new JsonObject
        {
            ["sha256"] = forecast.Sha256,
            ["targets"] = Texts(forecast.Targets),
            ["inputs"] = Texts(forecast.Inputs),
            ["window"] = forecast.Window,
            ["horizon"] = forecast.Horizon,
            ["season"] = forecast.Season,
            ["validation_fraction"] = Number(forecast.ValidationFraction),
            ["table"] = Table(forecast.Table),
            ["log"] = forecast.Log,
            ["difference"] = forecast.Difference,
            ["standardize"] = forecast.Standardize,
        };
        if (forecast.Time.Length > 0)
        {
            json["time"] = forecast.Time;
        }

        return json;
    }

    private static DataRecipe.Forecast ReadForecast(JsonFields of) => new(
        of.String("sha256"),
        of.Strings("targets", RecipeLimits.MaxColumns),
        of.Strings("inputs", RecipeLimits.MaxColumns),
        of.Int32("window"),
        of.Int32("horizon"),
        of.Int32("season"),
        of.Double("validation_fraction"),
        ReadTable(of.Object("table")),
        of.Boolean("log"),
        of.Int32("difference"),
        of.Boolean("standardize"),
        of.Has("time") ? of.String("time") : "");

    private static JsonObject Sequences(DataRecipe.Sequences sequences)
    {
        var json = new JsonObject
        {
            ["sha256"] = sequences.Sha256,
            ["format"] = RecipeNames.SequencesFormats.Of(sequences.Format),
            ["inputs"] = Texts(sequences.Inputs),
            ["label"] = sequences.Label,
            ["label_kind"] = RecipeNames.LabelKinds.Of(sequences.LabelKind),
            ["validation_fraction"] = Number(sequences.ValidationFraction),
            ["standardize"] = sequences.Standardize,
            ["maximum_length"] = sequences.MaximumLength,
            ["table"] = Table(sequences.Table),
        };
        if (sequences.Format == SequencesFormat.Csv)
        {
            json["group"] = sequences.Group;
        }

        if (sequences.ValidationSha256 is { } validation)
        {
            json["validation"] = File(validation);
        }

        return json;
    }

    private static DataRecipe.Sequences ReadSequences(JsonFields of)
    {
        var format = of.Choice("format", RecipeNames.SequencesFormats);
        return new DataRecipe.Sequences(
            of.String("sha256"),
            format,
            format == SequencesFormat.Csv ? of.String("group") : "",
            of.Strings("inputs", RecipeLimits.MaxColumns),
            of.String("label"),
            of.Choice("label_kind", RecipeNames.LabelKinds),
            of.Double("validation_fraction"),
            of.Has("validation") ? File(of, "validation") : null,
            ReadTable(of.Object("table")),
            of.Boolean("standardize"),
            of.Int32("maximum_length"));
    }

    private static JsonObject Images(DataRecipe.Images images)
    {
        var json = new JsonObject
        {
            ["images"] = File(images.ImagesSha256),
            ["labels"] = File(images.LabelsSha256),
            ["layout"] = RecipeNames.ImageLayouts.Of(images.Layout),
        };
        if (images.ValidationImagesSha256 is { } validation)
        {
            json["validation_images"] = File(validation);
        }

        if (images.ValidationLabelsSha256 is { } labels)
        {
            json["validation_labels"] = File(labels);
        }

        return json;
    }

    private static JsonObject Table(TableFormat table) => new()
    {
        ["encoding"] = RecipeNames.Encodings.Of(table.Encoding),
        ["delimiter"] = table.Delimiter,
        ["missing"] = RecipeNames.MissingValues.Of(table.Missing),
    };

    private static TableFormat ReadTable(JsonFields fields) => fields.Complete(new TableFormat(
        fields.Choice("encoding", RecipeNames.Encodings),
        fields.String("delimiter"),
        fields.Choice("missing", RecipeNames.MissingValues)));

    private static JsonObject File(string sha256) => new() { ["sha256"] = sha256 };

    private static string File(JsonFields of, string name)
    {
        var file = of.Object(name);
        return file.Complete(file.String("sha256"));
    }
}
