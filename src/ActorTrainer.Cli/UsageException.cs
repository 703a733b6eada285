namespace ActorTrainer.Cli;

/// <summary>The program was asked for something it cannot do; the message says what, and what would be right. Exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
