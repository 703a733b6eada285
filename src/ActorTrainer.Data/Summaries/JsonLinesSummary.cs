using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using ActorTrainer.Data.Sequences;

namespace ActorTrainer.Data.Summaries;

/// <summary>Reads JSON objects, one a line, and gathers what their fields hold, keeping none of them. Empty lines are skipped.</summary>
internal sealed class JsonLinesSummary
{
    private const int MaximumDepth = 16;

    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r"u8);

    private readonly Dictionary<string, JsonFieldStatistics> _fields = new(StringComparer.Ordinal);
    private readonly List<JsonFieldStatistics> _inOrder = [];
    private long _rows;

    /// <exception cref="InvalidDataSetException">A line is no JSON object, or a bound was hit.</exception>
    public static DataSummary Read(Stream file, DataLimits limits)
    {
        var (summary, lines) = (new JsonLinesSummary(), new LineFeed(file, limits));
        while (lines.TryNext(out var line))
        {
            if (line.ContainsAnyExcept(WhiteSpace))
            {
                summary.Add(line, lines.Number);
            }
        }

        return new DataSummary(
            DataFormat.JsonLines, summary._rows, [.. summary._inOrder.Select(field => field.Summary(summary._rows))], ImmutableArray<int>.Empty);
    }

    private void Add(ReadOnlySpan<byte> line, long number)
    {
        if (!Utf8.IsValid(line))
        {
            throw new InvalidDataSetException($"Row {number}: the line is not valid UTF-8.", number);
        }

        _rows++;
        try
        {
            var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaximumDepth });
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
            {
                throw JsonToken.Unexpected(ref json, null, "an object");
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonToken.Text(ref json, null);
                json.Read();
                Field(name).Add(ref json, _rows);
            }

            // Nothing but white space may follow; the reader throws at anything else.
            json.Read();
        }
        catch (JsonException cause)
        {
            throw new InvalidDataSetException(
                $"Row {number}: no JSON object: the line is wrong at byte {cause.BytePositionInLine + 1}, or its nesting is deeper than {MaximumDepth}.", number);
        }
        catch (LineFaultException fault)
        {
            var place = fault.Field is null ? "" : $", column {fault.Field}";
            throw new InvalidDataSetException($"Row {number}{place}: {fault.Message}", number, fault.Field);
        }
    }

    private JsonFieldStatistics Field(string name)
    {
        if (!_fields.TryGetValue(name, out var field))
        {
            if (_inOrder.Count == DataLimits.Columns || name.Length > DataLimits.CellLength)
            {
                throw new LineFaultException(null, _inOrder.Count == DataLimits.Columns
                    ? $"the file has more than {DataLimits.Columns} different fields, the most that are told apart."
                    : $"the name of a field has {name.Length} characters; at most {DataLimits.CellLength} are taken.");
            }

            field = new JsonFieldStatistics(name);
            _fields.Add(name, field);
            _inOrder.Add(field);
        }

        return field;
    }
}
