using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ActorTrainer.Data.Tables;

/// <summary>Some columns of a CSV file, in memory: numbers as doubles, texts as codes.</summary>
/// <remarks>
/// RFC 4180 with a row of names first; blank lines, also such with spaces and tabs where they are no cell, are passed over. The file is read once and as it
/// comes; memory grows with what is kept, and with one row.
/// </remarks>
public sealed class Table
{
    private readonly FrozenDictionary<string, NumberColumn> _numbers;
    private readonly FrozenDictionary<string, TextColumn> _texts;
    private readonly RowLines _lines;

    internal Table(ImmutableArray<string> columns, IEnumerable<NumberColumn> numbers, IEnumerable<TextColumn> texts, RowLines lines)
    {
        Columns = columns;
        _numbers = numbers.ToFrozenDictionary(column => column.Name, StringComparer.Ordinal);
        _texts = texts.ToFrozenDictionary(column => column.Name, StringComparer.Ordinal);
        _lines = lines;
    }

    /// <summary>The names of all columns of the file, in its order.</summary>
    public ImmutableArray<string> Columns { get; }

    /// <summary>Rows of data, without the row of names; may be 0.</summary>
    public int Rows => _lines.Rows;

    /// <summary>Reads the columns that are wanted.</summary>
    /// <param name="file">A CSV, decompressed; read to its end and left open.</param>
    /// <param name="numbers">Columns whose cells are numbers.</param>
    /// <param name="texts">Columns that are kept as they are written; a column may be in both.</param>
    /// <exception cref="InvalidDataSetException">The file is no such table, lacks a column, or breaks a bound; the message has up to 20 faults.</exception>
    public static Table Read(Stream file, TableFormat format, ImmutableArray<string> numbers, ImmutableArray<string> texts, DataLimits limits) =>
        TableReader.Read(file, format, numbers, texts, limits);

    /// <summary>A table of numbers that come from elsewhere; its rows count as lines from 1.</summary>
    /// <param name="columns">Names, each once, and as many values of each; NaN: missing.</param>
    /// <exception cref="ArgumentException">A name is there twice, or lengths differ.</exception>
    public static Table OfNumbers(IReadOnlyList<(string Name, double[] Values)> columns)
    {
        var (lines, numbers) = (new RowLines(), new List<NumberColumn>());
        for (var row = 1; columns.Count > 0 && row <= columns[0].Values.Length; row++)
        {
            lines.Add(row);
        }

        foreach (var (name, values) in columns)
        {
            if (values.Length != lines.Rows || numbers.Exists(column => column.Name == name))
            {
                throw new ArgumentException($"column {CellText.Quoted(name)} is there twice, or has {values.Length} values and not {lines.Rows}.", nameof(columns));
            }

            var column = new NumberColumn(name);
            Array.ForEach(values, column.Add);
            numbers.Add(column);
        }

        return new Table([.. columns.Select(column => column.Name)], numbers, [], lines);
    }

    /// <summary>
    /// [Rows] values of a column that was asked for; NaN where the value is missing, which occurs only
    /// where the format does not refuse it. See <see cref="MissingNumbers"/>.
    /// </summary>
    public ReadOnlySpan<double> Numbers(string column) => _numbers[column].Values;

    /// <summary>A text column that was asked for; a missing text is "".</summary>
    public TextColumn Texts(string column) => _texts[column];

    /// <summary>Whether a column was read as text.</summary>
    public bool HasTexts(string column) => _texts.ContainsKey(column);

    /// <summary>The line of the file, from 1, on which a row of data begins.</summary>
    public long LineOf(int row) => _lines[row];
}
