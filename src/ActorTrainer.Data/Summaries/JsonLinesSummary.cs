using System.Collections.Immutable;
using System.Text.Json;
using ActorTrainer.Data.Json;

namespace ActorTrainer.Data.Summaries;

/// <summary>Gathers what the fields of JSON lines hold, keeping none of them.</summary>
internal sealed class JsonLinesSummary : JsonLinesReader
{
    private readonly Dictionary<string, JsonFieldStatistics> _fields = new(StringComparer.Ordinal);
    private readonly List<JsonFieldStatistics> _inOrder = [];
    private long _rows;

    private JsonLinesSummary(FaultList faults)
        : base(faults)
    {
    }

    /// <exception cref="InvalidDataSetException">Lines are no JSON objects, or a bound was hit; the message has up to 20 faults.</exception>
    public static DataSummary Read(Stream file, DataLimits limits)
    {
        var faults = new FaultList();
        var summary = new JsonLinesSummary(faults);
        faults.Gather(() => summary.ReadLines(file, limits));
        return new DataSummary(
            DataFormat.JsonLines, summary._rows, [.. summary._inOrder.Select(field => field.Summary(summary._rows))], ImmutableArray<int>.Empty);
    }

    protected override string Expected => "an object";

    protected override void Begin(long line) => _rows++;

    protected override void ReadField(ref Utf8JsonReader json, string name) => Field(name).Add(ref json, _rows);

    private JsonFieldStatistics Field(string name)
    {
        if (!_fields.TryGetValue(name, out var field))
        {
            if (_inOrder.Count == DataLimits.Columns)
            {
                throw new InvalidDataSetException($"The file has more than {DataLimits.Columns} different fields, the most that are told apart.");
            }

            if (name.Length > DataLimits.CellLength)
            {
                throw new LineFaultException(null, $"the name of a field has {name.Length} characters; at most {DataLimits.CellLength} are taken.");
            }

            field = new JsonFieldStatistics(name);
            _fields.Add(name, field);
            _inOrder.Add(field);
        }

        return field;
    }
}
