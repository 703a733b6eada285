using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorTrainer.Data.Predictions;

/// <summary>
/// Answers as JSON lines, an object for each row: its labels and numbers as fields, but probabilities as
/// one field, an object by class.
/// </summary>
public static class PredictionJson
{
    private const int LongestShown = 200;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes rows as they are made.</summary>
    /// <param name="file">Left open. A number is written in its shortest form that reads back as the same; what is not finite is null.</param>
    public static void Write(PredictionColumns columns, IEnumerable<PredictionRow> rows, Stream file)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        using var json = new Utf8JsonWriter(file, Plain);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            WriteLabels(json, columns, row);
            if (columns.AreProbabilities)
            {
                json.WriteStartObject(PredictionColumns.Probabilities);
            }

            for (var place = 0; place < row.Numbers.Length; place++)
            {
                WriteNumber(json, columns.Numbers[place], row.Numbers[place]);
            }

            if (columns.AreProbabilities)
            {
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.Flush();
            file.WriteByte((byte)'\n');
            json.Reset(file);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; its first line says which columns there are.</summary>
    /// <param name="labels">Columns of words.</param>
    /// <returns>The columns, null without a row; and the rows, read as they are asked for.</returns>
    /// <exception cref="FormatException">A line is not as it was written.</exception>
    public static (PredictionColumns? Columns, IEnumerable<PredictionRow> Rows) Read(Stream file, int labels)
    {
        var reader = new StreamReader(file);
        if (reader.ReadLine() is not { } first)
        {
            return (null, []);
        }

        var columns = ColumnsOf(first, labels);
        return (columns, Rows());

        IEnumerable<PredictionRow> Rows()
        {
            for (var line = first; line is not null; line = reader.ReadLine())
            {
                yield return RowOf(line, columns);
            }
        }
    }

    private static void WriteLabels(Utf8JsonWriter json, PredictionColumns columns, PredictionRow row)
    {
        for (var place = 0; place < row.Labels.Length; place++)
        {
            var label = columns.Labels[place];
            if (label.IsCount)
            {
                json.WriteNumber(label.Name, long.Parse(row.Labels[place], CultureInfo.InvariantCulture));
            }
            else
            {
                json.WriteString(label.Name, row.Labels[place]);
            }
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static PredictionColumns ColumnsOf(string line, int labels)
    {
        using var json = Parse(line);
        JsonProperty[] fields = [.. json.RootElement.EnumerateObject()];
        if (labels < 1 || fields.Length < labels)
        {
            throw new FormatException($"The line has {fields.Length} fields; it must have {labels} labels at least: {Shown(line)}");
        }

        var areProbabilities = fields[^1].Value.ValueKind == JsonValueKind.Object;
        var numbers = areProbabilities ? fields[^1].Value.EnumerateObject() : fields.Skip(labels);
        try
        {
            return new PredictionColumns(
                [.. fields.Take(labels).Select(field => new PredictionLabel(field.Name, field.Value.ValueKind == JsonValueKind.Number))],
                [.. numbers.Select(field => field.Name)],
                areProbabilities);
        }
        catch (InvalidOperationException cause)
        {
            // What the library throws where a name is half a surrogate pair.
            throw new FormatException($"The line has a name that is no text: {Shown(line)}", cause);
        }
    }

    private static PredictionRow RowOf(string line, PredictionColumns columns)
    {
        using var json = Parse(line);
        try
        {
            var holder = columns.AreProbabilities ? json.RootElement.GetProperty(PredictionColumns.Probabilities) : json.RootElement;
            JsonProperty[] numbers = [.. holder.EnumerateObject().Skip(columns.AreProbabilities ? 0 : columns.Labels.Length)];
            if (!numbers.Select(field => field.Name).SequenceEqual(columns.Numbers, StringComparer.Ordinal))
            {
                throw new FormatException($"the numbers are {string.Join(", ", columns.Numbers)} in the first line");
            }

            return new PredictionRow(
                [.. columns.Labels.Select(label => json.RootElement.GetProperty(label.Name).ToString())], [.. numbers.Select(NumberOf)]);
        }
        catch (Exception cause) when (cause is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"The line is not as the first one: {Shown(line)}", cause);
        }
    }

    private static string Shown(string line) => line.Length <= LongestShown ? line : line[..LongestShown] + " …";

    private static double NumberOf(JsonProperty field) => field.Value.ValueKind == JsonValueKind.Null ? double.NaN : field.Value.GetDouble();

    private static JsonDocument Parse(string line)
    {
        try
        {
            var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw new FormatException($"The line is no JSON object: {Shown(line)}");
        }
        catch (JsonException cause)
        {
            throw new FormatException($"The line is no JSON: {Shown(line)}", cause);
        }
    }
}
