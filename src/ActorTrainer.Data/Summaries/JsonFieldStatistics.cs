using System.Text;
using System.Text.Json;
using ActorTrainer.Data.Json;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data.Summaries;

/// <summary>Gathers what a field of JSON objects holds: scalars, or lists of them whose elements are its values.</summary>
internal sealed class JsonFieldStatistics(string name)
{
    private readonly ColumnStatistics _values = new(name);
    private long _lastRow;
    private long _rows;
    private long _lists;
    private long _shortest = long.MaxValue;
    private long _longest;

    /// <summary>Adds the value that the reader stands on, and leaves it at its end.</summary>
    /// <param name="row">Number of the object, from 1.</param>
    /// <exception cref="LineFaultException">The object had the field before.</exception>
    public void Add(ref Utf8JsonReader json, long row)
    {
        if (row == _lastRow)
        {
            throw new LineFaultException(name, "the field stands twice in the line.");
        }

        _lastRow = row;
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        _rows++;
        if (json.TokenType == JsonTokenType.StartArray)
        {
            AddList(ref json);
        }
        else
        {
            AddValue(ref json);
        }
    }

    /// <param name="rows">Objects of the file: those without the field miss it.</param>
    public ColumnSummary Summary(long rows)
    {
        var summary = _values.Summary();
        return summary with
        {
            Missing = summary.Missing + rows - _rows,
            Lengths = _lists > 0 && _lists == _rows ? (_shortest, _longest) : null,
        };
    }

    /// <summary>Elements of the outermost list are steps; a list within is a step of several numbers.</summary>
    private void AddList(ref Utf8JsonReader json)
    {
        _lists++;
        var (length, depth) = (0L, json.CurrentDepth);
        while (json.Read() && json.CurrentDepth > depth)
        {
            length += json.CurrentDepth == depth + 1 && json.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject) ? 1 : 0;
            if (json.TokenType is not (JsonTokenType.StartArray or JsonTokenType.EndArray))
            {
                AddValue(ref json);
            }
        }

        (_shortest, _longest) = (Math.Min(_shortest, length), Math.Max(_longest, length));
    }

    private void AddValue(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Number:
                _values.Add(json.ValueSpan, mayBeNumber: true);
                break;
            case JsonTokenType.Null:
                _values.Add([]);
                break;
            case JsonTokenType.String:
                _values.Add(Encoding.UTF8.GetBytes(JsonToken.Text(ref json, name)), mayBeNumber: false);
                break;
            case JsonTokenType.StartObject:
                json.Skip();
                _values.Add("{…}"u8, mayBeNumber: false);
                break;
            default:
                _values.Add(json.ValueSpan, mayBeNumber: false);
                break;
        }
    }
}
