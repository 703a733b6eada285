using System.Globalization;

namespace ActorTrainer.Data;

/// <summary>
/// What is wrong with a file, place by place, so that one reading tells it all. Bounded: with
/// <see cref="Most"/> faults the reading ends.
/// </summary>
/// <param name="file">What the file is called where there are several; null: it needs no name.</param>
internal sealed class FaultList(string? file = null)
{
    /// <summary>Faults that are told at once.</summary>
    public const int Most = 20;

    private readonly List<(long? Line, string? Column, string Text)> _faults = [];

    /// <summary>Faults so far.</summary>
    public int Count => _faults.Count;

    /// <summary>Notes a fault.</summary>
    /// <param name="line">Line of the file, from 1, if it has one.</param>
    /// <param name="column">Column or field, if it is in one.</param>
    /// <param name="what">What was found, and what was expected.</param>
    /// <exception cref="InvalidDataSetException">It is the last one that is noted; all are in the message.</exception>
    public void Add(long? line, string? column, string what)
    {
        string?[] place = [file is null ? null : $"{file} file", line is { } number ? string.Create(CultureInfo.InvariantCulture, $"line {number}") : null, column is null ? null : $"column '{column}'"];
        var where = string.Join(", ", place.Where(part => part is not null));
        _faults.Add((line, column, where.Length == 0 ? what : $"{where}: {what}"));
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
