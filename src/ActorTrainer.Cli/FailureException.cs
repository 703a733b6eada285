namespace ActorTrainer.Cli;

/// <summary>What was asked for could not be done; the message says why, in words for the user. Exit code 1.</summary>
internal sealed class FailureException(string message, Exception? cause = null) : Exception(message, cause);
