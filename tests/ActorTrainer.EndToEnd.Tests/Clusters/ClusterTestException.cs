namespace ActorTrainer.EndToEnd.Tests.Clusters;

/// <summary>Something went wrong in a cluster; the message ends with what its nodes had to say.</summary>
internal sealed class ClusterTestException(string message, Exception cause) : Exception(message, cause);
