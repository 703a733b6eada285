namespace ActorTrainer.Cluster.Transfer;

/// <summary>What was asked for did not come; the message says from whom, what, and why not.</summary>
public class TransferException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Another process answers at a peer's address: the peer is no more.</summary>
internal sealed class WrongPeerException(string message) : TransferException(message);
