namespace ActorTrainer.Cluster.Transfer;

/// <summary>What was asked for did not come; the message says from whom, what, and why not.</summary>
public class TransferException(string message, Exception? cause = null) : Exception(message, cause);
