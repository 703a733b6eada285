using System.Collections.Immutable;
using CsvHelper;

namespace ActorTrainer.Data.Tables;

/// <summary>The rows of a CSV file one after the other, strictly RFC 4180, every row with as many fields as there are names.</summary>
internal sealed class CsvRows : IDisposable
{
    private readonly CsvReader _reader;
    private readonly FaultList _faults;
    private CsvMalformedRecord? _malformed;

    /// <summary>Reads the row of names.</summary>
    /// <param name="file">Left open.</param>
    /// <param name="faults">Receives what is wrong with rows that can be passed over.</param>
    /// <exception cref="ArgumentException">The delimiter is none.</exception>
    /// <exception cref="InvalidDataSetException">There are no names, or not each once.</exception>
    public CsvRows(Stream file, TableFormat format, DataLimits limits, FaultList faults)
    {
        if (format.Delimiter is not [var delimiter] || delimiter is '"' or '\r' or '\n' or > '\x7E' or '\0')
        {
            throw new ArgumentException($"the delimiter is {CellText.Quoted(format.Delimiter)}; it must be one ASCII character, and no quote or line break.", nameof(format));
        }

        _faults = faults;
        _reader = CsvReader.Create(new DecodedStream(file, format.Encoding, limits.MaximumBytes), new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = DataLimits.LineLength,
            MalformedData = CsvMalformedDataHandling.Recover,
            OnMalformedRecord = record => _malformed ??= record,
        });
        Columns = ReadNames();
    }

    public ImmutableArray<string> Columns { get; }

    /// <summary>The line of the file, from 1, on which the current row begins.</summary>
    public long Line => _reader.LineNumber;

    /// <summary>Goes to the next row that has all fields; others are noted, blank ones passed over.</summary>
    /// <returns>False: there is none.</returns>
    /// <exception cref="InvalidDataSetException">The file cannot be read on, or the fault was the last one that is noted.</exception>
    public bool Read()
    {
        while (ReadRecord())
        {
            if (_reader.FieldCount == Columns.Length)
            {
                return true;
            }

            if (!IsBlank())
            {
                _faults.Add(Line, null, $"found {_reader.FieldCount} fields; the first row names {Columns.Length} columns.{DelimiterHint(Columns)}");
            }
        }

        return false;
    }

    /// <summary>A cell of the current row, unquoted: UTF-8, valid until the next row.</summary>
    public ReadOnlySpan<byte> Cell(int place)
    {
        var cell = _reader.GetSpan(place);
        return cell.Length <= DataLimits.CellLength
            ? cell
            : throw Refuse(place, $"the cell has {cell.Length} bytes; at most {DataLimits.CellLength} are taken");
    }

    /// <summary>A fault of the current row, behind which nothing is read.</summary>
    public InvalidDataSetException Refuse(string fault) => new($"Row {Line}: {fault}.", Line);

    /// <summary>Notes a fault of one cell of the current row.</summary>
    /// <exception cref="InvalidDataSetException">It is the last one that is noted.</exception>
    public void Note(int place, string fault) => _faults.Add(Line, Columns[place], $"{fault}.");

    /// <summary>A fault of one cell of the current row, behind which nothing is read.</summary>
    public InvalidDataSetException Refuse(int place, string fault) =>
        new($"Row {Line}, column {CellText.Name(Columns[place])}: {fault}.", Line, Columns[place]);

    public void Dispose() => _reader.Dispose();

    /// <summary>What may be wrong with a table of one column in whose name something stands that parts columns in other tables.</summary>
    public static string DelimiterHint(ImmutableArray<string> columns) => columns is [var only] && only.AsSpan().IndexOfAny(",;\t|") is var at and >= 0
        ? $" Is {(only[at] == '\t' ? "a tab" : $"'{only[at]}'")} what stands between columns? Then say so with delimiter."
        : "";

    /// <summary>Whether the current row is a line of white space, in a table where that is no cell.</summary>
    private bool IsBlank() => _reader.FieldCount == 1 && _reader.GetSpan(0).Trim(" \t"u8).IsEmpty;

    private ImmutableArray<string> ReadNames()
    {
        if (!ReadRecord())
        {
            throw new InvalidDataSetException("The file is empty; a table begins with a row of column names.");
        }

        if (_reader.FieldCount > DataLimits.Columns)
        {
            throw Refuse($"the table has {_reader.FieldCount} columns; at most {DataLimits.Columns} are taken");
        }

        var names = ImmutableArray.CreateBuilder<string>(_reader.FieldCount);
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var place = 0; place < _reader.FieldCount; place++)
        {
            var name = _reader.GetString(place).Trim(' ', '\t');
            if (name.Length is 0 or > DataLimits.CellLength)
            {
                throw Refuse(name.Length == 0
                    ? $"column {place + 1} has no name; the first row names every column"
                    : $"the name of column {place + 1} has {name.Length} characters; at most {DataLimits.CellLength} are taken");
            }

            if (!known.TryAdd(name, place))
            {
                throw Refuse($"columns {known[name] + 1} and {place + 1} are both named {CellText.Quoted(name)}");
            }

            names.Add(name);
        }

        return names.MoveToImmutable();
    }

    private bool ReadRecord()
    {
        bool found;
        try
        {
            found = _reader.Read();
        }
        catch (CsvFormatException cause)
        {
            throw new InvalidDataSetException(
                $"Row {cause.LineNumber}: the row is longer than {DataLimits.LineLength} bytes; a quote that opens in it may never be closed.", cause.LineNumber);
        }

        return _malformed is { } record ? throw Malformed(record) : found;
    }

    private static InvalidDataSetException Malformed(CsvMalformedRecord record) => new(
        record.Reason switch
        {
            CsvMalformedReason.UnterminatedQuote => $"Row {record.LineNumber}: a quote opens in this row and is never closed.",
            CsvMalformedReason.TextAfterClosingQuote => $"Row {record.LineNumber}: text follows a closing quote; a quote within a quoted field is written twice.",
            CsvMalformedReason.StrayQuote => $"Row {record.LineNumber}: a quote stands in a field that does not begin with one; such a field is quoted, and the quote in it written twice.",
            _ => $"Row {record.LineNumber}: the row is no CSV.",
        },
        record.LineNumber);
}
