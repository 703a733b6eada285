namespace ActorTrainer.Data;

/// <summary>
/// A text cannot be used as it was asked for: it is not UTF-8, too short, too large, not there, or has
/// a character that the vocabulary lacks. The message is made for the person who named the text.
/// </summary>
public sealed class InvalidTextException(string message) : Exception(message);
