using System.Globalization;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data;

/// <summary>
/// What is wrong with a file, place by place, so that one reading tells it all. Bounded: with
/// <see cref="Most"/> faults the reading ends.
/// </summary>
/// <param name="file">What the file is called where there are several; null: it needs no name.</param>
/// <param name="line">What a line is called: a table has rows.</param>
/// <param name="column">What a part of a line is called: a table has columns.</param>
internal sealed class FaultList(string? file = null, string line = "line", string column = "field")
{
    /// <summary>Faults that are told at once.</summary>
    public const int Most = 20;

    /// <summary>A list for a table, which has rows and columns.</summary>
    public static FaultList OfTable(string? file = null) => new(file, "row", "column");

    private readonly List<(long? Line, string? Column, string Text)> _faults = [];

    /// <summary>Faults so far.</summary>
    public int Count => _faults.Count;

    /// <summary>Notes a fault.</summary>
    /// <param name="number">Line of the file, from 1, if it has one.</param>
    /// <param name="name">Column or field, if it is in one.</param>
    /// <param name="what">What was found, and what was expected.</param>
    /// <exception cref="InvalidDataSetException">It is the last one that is noted; all are in the message.</exception>
    public void Add(long? number, string? name, string what)
    {
        var place = number is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{line} {number}");
        place += name is null ? "" : $"{(place.Length == 0 ? "" : ", ")}{column} {CellText.Name(name)}";
        Note(number, name, place.Length == 0 ? what : $"{char.ToUpperInvariant(place[0])}{place[1..]}: {what}");
    }

    /// <summary>Reads something that notes its faults here, or ends where it cannot be read on.</summary>
    /// <exception cref="InvalidDataSetException">There are faults; what ended the reading is the last of them.</exception>
    public void Gather(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataSetException end) when (Count < Most)
        {
            Note(end.Row, end.Column, end.Message);
        }

        ThrowIfAny();
    }

    private void Note(long? number, string? name, string text)
    {
        _faults.Add((number, name, file is null ? text : $"In the {file} file: {text}"));
        if (_faults.Count == Most)
        {
            throw Refusal($"\nThese are the first {Most} faults; what follows was not read.");
        }
    }

    /// <exception cref="InvalidDataSetException">There are faults; all are in the message, the first one's place is its place.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0)
        {
            throw Refusal("");
        }
    }

    private InvalidDataSetException Refusal(string end) =>
        new(string.Join('\n', _faults.Select(fault => fault.Text)) + end, _faults[0].Line, _faults[0].Column);
}
