using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorTrainer.Data.Json;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data;

/// <summary>A schema as canonical JSON: it stands in model files, where what was once written must stay readable.</summary>
internal static class DataSchemaJson
{
    public static string Write(DataSchema schema)
    {
        var json = new JsonObject
        {
            ["input"] = schema.Input == InputKind.Symbols ? "symbols" : "features",
            ["input_size"] = schema.InputSize,
            ["outputs"] = schema.Outputs,
            ["symbols"] = Names(schema.Symbols),
            ["features"] = Columns(schema.Features),
            ["targets"] = Columns(schema.Targets),
            ["classes"] = Names(schema.Classes),
        };
        if (schema.Vocabulary is { } vocabulary)
        {
            json["vocabulary"] = vocabulary.Characters;
        }

        return CanonicalJson.Of(json.ToJsonString());
    }

    public static DataSchema Read(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using var document = StrictJson.Parse(json);
        var root = document.RootElement;
        var schema = new DataSchema(
            Text(root, "input") switch
            {
                "symbols" => InputKind.Symbols,
                "features" => InputKind.Features,
                _ => throw Wrong("input", "\"symbols\" or \"features\""),
            },
            Count(root, "input_size"),
            Count(root, "outputs"),
            root.TryGetProperty("vocabulary", out _) ? VocabularyOf(Text(root, "vocabulary")) : null,
            NamesOf(root, "symbols"),
            ColumnsOf(root, "features"),
            ColumnsOf(root, "targets"),
            NamesOf(root, "classes"));
        RequireWhole(schema);

        // One text for one schema: what has other fields, another order or other numbers is not ours.
        return Write(schema) == json ? schema : throw new FormatException("The schema of the data is not in the form that is written: fields or numbers were changed.");
    }

    private static void RequireWhole(DataSchema schema)
    {
        Require(schema.Vocabulary is not { } v || (schema.Input == InputKind.Symbols && v.Count == schema.InputSize), "vocabulary", "one character for each symbol of the input");
        Require(schema.Symbols.IsEmpty || (schema.Input == InputKind.Symbols && schema.Symbols.Length == schema.InputSize), "symbols", "one name for each symbol of the input, or none");
        Require(schema.Features.IsEmpty || (schema.Input == InputKind.Features && schema.Features.Length == schema.InputSize), "features", "one column for each feature of the input, or none");
        Require(schema.Targets.IsEmpty || schema.Outputs % schema.Targets.Length == 0, "targets", "columns that divide the outputs, or none");
        Require(schema.Classes.IsEmpty || schema.Classes.Length == schema.Outputs, "classes", "one name for each output, or none");
    }

    private static JsonArray Names(ImmutableArray<string> names) => new([.. names.Select(name => JsonValue.Create(name))]);

    private static JsonArray Columns(ImmutableArray<ColumnScale> columns) => new([.. columns.Select(column => new JsonObject
    {
        ["name"] = column.Name,
        ["mean"] = column.Mean,
        ["deviation"] = column.Deviation,
    })]);

    private static JsonElement Field(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var field) ? field : throw new FormatException($"The schema of the data lacks {name}.");

    private static string Text(JsonElement value, string name) =>
        Field(value, name) is { ValueKind: JsonValueKind.String } text ? Name(text, name) : throw Wrong(name, "a text");

    private static int Count(JsonElement value, string name) =>
        Field(value, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var count) && count >= 1
            ? count
            : throw Wrong(name, "a whole number of at least 1");

    private static double Finite(JsonElement value, string name) =>
        Field(value, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var x) && double.IsFinite(x)
            ? x
            : throw Wrong(name, "a finite number");

    private static JsonElement List(JsonElement value, string name, int most) =>
        Field(value, name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() <= most ? list : throw Wrong(name, $"a list of at most {most}");

    private static ImmutableArray<string> NamesOf(JsonElement value, string name) =>
    [
        .. List(value, name, DataLimits.Kinds).EnumerateArray()
            .Select(item => item.ValueKind == JsonValueKind.String ? Name(item, name) : throw Wrong(name, "a list of texts")),
    ];

    private static ImmutableArray<ColumnScale> ColumnsOf(JsonElement value, string name) =>
        [.. List(value, name, DataLimits.Columns).EnumerateArray().Select(item => ColumnOf(item, name))];

    private static ColumnScale ColumnOf(JsonElement value, string name)
    {
        var column = new ColumnScale(Text(value, "name"), Finite(value, "mean"), Finite(value, "deviation"));
        Require(column.Deviation > 0, name, "columns whose deviation is above 0");
        return column;
    }

    private static Vocabulary VocabularyOf(string characters)
    {
        try
        {
            return Vocabulary.FromCharacters(characters);
        }
        catch (InvalidTextException cause)
        {
            throw new FormatException(cause.Message, cause);
        }
    }

    private static string Name(JsonElement text, string name)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException cause)
        {
            throw new FormatException($"{name} of the data's schema holds half of a surrogate pair.", cause);
        }
    }

    private static void Require(bool holds, string name, string expected)
    {
        if (!holds)
        {
            throw Wrong(name, expected);
        }
    }

    private static FormatException Wrong(string name, string expected) => new($"{name} of the data's schema must be {expected}.");
}
