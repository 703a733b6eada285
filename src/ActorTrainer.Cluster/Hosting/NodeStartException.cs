namespace ActorTrainer.Cluster.Hosting;

/// <summary>A node cannot start; the message is for the person who started it.</summary>
public class NodeStartException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Another node runs in the data directory.</summary>
public sealed class DataDirectoryInUseException(string directory, Exception? cause = null)
    : NodeStartException($"Another node runs in the data directory {directory}; stop it, or choose another directory.", cause);
