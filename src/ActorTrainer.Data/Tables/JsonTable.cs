using System.Collections.Immutable;
using System.Text.Json;
using ActorTrainer.Data.Json;

namespace ActorTrainer.Data.Tables;

/// <summary>Reads some columns of a table whose rows are JSON lines, an object each. Other fields are not looked at.</summary>
internal sealed class JsonTable : JsonLinesReader
{
    // A text costs about as much as so many numbers.
    private const int ValuesOfText = 8;

    private readonly MissingValues _missing;
    private readonly DataLimits _limits;
    private readonly NumberColumn[] _numbers;
    private readonly TextColumn[] _texts;
    private readonly RowLines _lines = new();
    private readonly double[] _row;
    private readonly string?[] _words;
    private readonly bool[] _present;

    private JsonTable(MissingValues missing, ImmutableArray<string> numbers, ImmutableArray<string> texts, FaultList faults, DataLimits limits)
        : base(faults)
    {
        (_missing, _limits) = (missing, limits);
        (_numbers, _texts) = ([.. numbers.Select(name => new NumberColumn(name))], [.. texts.Select(name => new TextColumn(name))]);
        (_row, _words, _present) = (new double[numbers.Length], new string?[texts.Length], new bool[numbers.Length]);
    }

    /// <summary>Reads the columns that are wanted: fields that are numbers, and fields that are strings or whole numbers.</summary>
    /// <param name="file">Read to its end and left open.</param>
    /// <exception cref="InvalidDataSetException">The file is no such table, or breaks a bound; the message has up to 20 faults.</exception>
    public static Table Read(Stream file, MissingValues missing, ImmutableArray<string> numbers, ImmutableArray<string> texts, DataLimits limits)
    {
        var faults = new FaultList();
        var table = new JsonTable(missing, numbers, texts, faults, limits);
        faults.Gather(() => table.ReadLines(file, limits));
        return new Table([.. numbers, .. texts.Except(numbers, StringComparer.Ordinal)], table._numbers, table._texts, table._lines);
    }

    protected override string Expected => "an object, a row of the table";

    protected override void Begin(long line)
    {
        Array.Clear(_present);
        Array.Clear(_words);
        if ((_lines.Rows + 1L) * (_numbers.Length + ((long)ValuesOfText * _texts.Length)) > _limits.MaximumValues)
        {
            throw new InvalidDataSetException($"Line {line}: the table has more than the {_limits.MaximumValues} values that are held in memory.", line);
        }
    }

    // A column may be both a number and the name of its row.
    protected override void ReadField(ref Utf8JsonReader json, string name)
    {
        var place = Array.FindIndex(_texts, text => text.Name == name);
        if (place >= 0)
        {
            _words[place] = json.TokenType == JsonTokenType.Null ? "" : JsonToken.Name(ref json, name);
        }

        var number = Array.FindIndex(_numbers, column => column.Name == name);
        if (number >= 0)
        {
            Require(!_present[number], name, "the field stands twice in the line.");
            (_row[number], _present[number]) = (JsonToken.NumberOrMissing(ref json, name), true);
        }

        if (place < 0 && number < 0)
        {
            json.Skip();
        }
    }

    protected override void End(long line)
    {
        for (var place = 0; place < _numbers.Length; place++)
        {
            Require(_present[place], _numbers[place].Name, "the line has no such field.");
            Require(
                _missing != MissingValues.Error || !double.IsNaN(_row[place]),
                _numbers[place].Name,
                "the value is missing (null); table.missing says what is taken instead: previous or mean.");
        }

        for (var place = 0; place < _numbers.Length; place++)
        {
            _numbers[place].Add(_row[place]);
        }

        for (var place = 0; place < _texts.Length; place++)
        {
            _texts[place].Add(_words[place] ?? "");
        }

        _lines.Add(line);
    }
}
