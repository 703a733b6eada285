namespace ActorTrainer.Data;

/// <summary>
/// A file of data cannot be used as it was asked for: its form is broken, a value is wrong, a bound was
/// hit, or there is too little of it. The message is made for the person who named the file.
/// </summary>
/// <param name="message">Says what was found, where, and what was expected; row and column stand in it.</param>
/// <param name="row">Where it was found, if in one place: the line of the file, from 1, on which the row begins.</param>
/// <param name="column">The column's name, if it was found in one.</param>
public sealed class InvalidDataSetException(string message, long? row = null, string? column = null) : Exception(message)
{
    /// <summary>The line of the file, from 1, on which the row begins; null where no one row is at fault.</summary>
    public long? Row { get; } = row;

    /// <summary>The column's name; null where no one column is at fault.</summary>
    public string? Column { get; } = column;
}
