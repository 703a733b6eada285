namespace ActorTrainer.Cluster.Runs;

/// <summary>Data that a recipe names is neither on this node nor on any other that answers now; it may be later.</summary>
internal sealed class DataNotFoundException(string message, Exception? cause = null) : Exception(message, cause);
