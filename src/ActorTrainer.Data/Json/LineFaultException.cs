namespace ActorTrainer.Data.Json;

/// <summary>What ends the reading of one line; the reader notes it with the line's number and goes on.</summary>
/// <param name="field">The field that is at fault, if it is one.</param>
/// <param name="message">What was found, and what was expected.</param>
internal sealed class LineFaultException(string? field, string message) : Exception(message)
{
    public string? Field { get; } = field;
}
