namespace ActorTrainer.Cluster.Storage;

/// <summary>One part of a checkpoint as it is stored: a snapshot under a persistence id of its own (P9).</summary>
/// <param name="Sha256">Of the content; compared again whenever it is read.</param>
internal sealed record CheckpointPart(ReadOnlyMemory<byte> Content, string Sha256);
