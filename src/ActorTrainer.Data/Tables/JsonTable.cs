using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using ActorTrainer.Data.Sequences;

namespace ActorTrainer.Data.Tables;

/// <summary>Reads some columns of a table whose rows are JSON lines, an object each. Empty lines are skipped, other fields not looked at.</summary>
internal sealed class JsonTable
{
    private const int MaximumDepth = 16;

    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r"u8);

    private readonly MissingValues _missing;
    private readonly NumberColumn[] _numbers;
    private readonly TextColumn[] _texts;
    private readonly double[] _row;
    private readonly string?[] _words;
    private readonly bool[] _present;

    private JsonTable(MissingValues missing, ImmutableArray<string> numbers, ImmutableArray<string> texts)
    {
        _missing = missing;
        (_numbers, _texts) = ([.. numbers.Select(name => new NumberColumn(name))], [.. texts.Select(name => new TextColumn(name))]);
        (_row, _words, _present) = (new double[numbers.Length], new string?[texts.Length], new bool[numbers.Length]);
    }

    /// <summary>Reads the columns that are wanted: fields that are numbers, and fields that are strings or whole numbers.</summary>
    /// <param name="file">Read to its end and left open.</param>
    /// <exception cref="InvalidDataSetException">The file is no such table, or breaks a bound; the message has up to 20 faults.</exception>
    public static Table Read(Stream file, MissingValues missing, ImmutableArray<string> numbers, ImmutableArray<string> texts, DataLimits limits)
    {
        var table = new JsonTable(missing, numbers, texts);
        var (feed, lines, faults) = (new LineFeed(file, limits), new RowLines(), new FaultList());
        var values = 0L;
        while (feed.TryNext(out var line))
        {
            if (!line.ContainsAnyExcept(WhiteSpace))
            {
                continue;
            }

            values += numbers.Length + (8L * texts.Length);
            if (values > limits.MaximumValues)
            {
                throw new InvalidDataSetException($"Line {feed.Number}: the table has more than the {limits.MaximumValues} values that are held in memory.", feed.Number);
            }

            if (table.ReadLine(line, feed.Number, faults))
            {
                table.Add();
                lines.Add(feed.Number);
            }
        }

        faults.ThrowIfAny();
        return new Table([.. numbers, .. texts.Except(numbers, StringComparer.Ordinal)], table._numbers, table._texts, lines);
    }

    private bool ReadLine(ReadOnlySpan<byte> line, long number, FaultList faults)
    {
        try
        {
            if (!Utf8.IsValid(line))
            {
                throw new LineFaultException(null, "the line is not valid UTF-8.");
            }

            ReadObject(line);
            return true;
        }
        catch (JsonException cause)
        {
            faults.Add(number, null, $"no JSON object: the line is wrong at byte {cause.BytePositionInLine + 1}, or its nesting is deeper than {MaximumDepth}.");
        }
        catch (LineFaultException fault)
        {
            faults.Add(number, fault.Field, fault.Message);
        }

        return false;
    }

    private void ReadObject(ReadOnlySpan<byte> line)
    {
        Array.Clear(_present);
        Array.Clear(_words);
        var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaximumDepth });
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw JsonToken.Unexpected(ref json, null, "an object, a row of the table");
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonToken.Text(ref json, null);
            json.Read();
            ReadField(ref json, name);
        }

        // Nothing but white space may follow; the reader throws at anything else.
        json.Read();
        for (var place = 0; place < _numbers.Length; place++)
        {
            if (!_present[place])
            {
                throw new LineFaultException(_numbers[place].Name, "the line has no such field.");
            }

            if (double.IsNaN(_row[place]) && _missing == MissingValues.Error)
            {
                throw new LineFaultException(_numbers[place].Name, "the value is missing (null); table.missing says what is taken instead: previous or mean.");
            }
        }
    }

    // A column may be both a number and the name of its row.
    private void ReadField(ref Utf8JsonReader json, string name)
    {
        var place = Array.FindIndex(_texts, text => text.Name == name);
        if (place >= 0)
        {
            _words[place] = json.TokenType == JsonTokenType.Null ? "" : JsonToken.Name(ref json, name);
        }

        var number = Array.FindIndex(_numbers, column => column.Name == name);
        if (number >= 0)
        {
            if (_present[number])
            {
                throw new LineFaultException(name, "the field stands twice in the line.");
            }

            (_row[number], _present[number]) = (JsonToken.NumberOrMissing(ref json, name), true);
        }

        if (place < 0 && number < 0)
        {
            json.Skip();
        }
    }

    private void Add()
    {
        for (var place = 0; place < _numbers.Length; place++)
        {
            _numbers[place].Add(_row[place]);
        }

        for (var place = 0; place < _texts.Length; place++)
        {
            _texts[place].Add(_words[place] ?? "");
        }
    }
}
