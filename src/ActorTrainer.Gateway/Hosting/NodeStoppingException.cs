namespace ActorTrainer.Gateway.Hosting;

/// <summary>The node goes down while a call waits for something inside it.</summary>
internal sealed class NodeStoppingException : Exception;
