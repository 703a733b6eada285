namespace ActorTrainer.Training.Models;

/// <summary>A file is no model of ours, or was changed; the message says what is wrong in it.</summary>
public sealed class ModelFileException(string message, Exception? cause = null) : Exception(message, cause);
