namespace ActorTrainer.Cluster.Storage;

/// <summary>
/// One part of a checkpoint as it is stored, or a chunk of it: the chunks of a part are snapshots under its
/// persistence id (P9), numbered from 1, so that no call on the store takes longer than one of them.
/// </summary>
/// <param name="Content">This chunk's.</param>
/// <param name="Sha256">Of the whole part; compared again whenever it is read.</param>
/// <param name="TotalBytes">Of the whole part.</param>
internal sealed record CheckpointPart(ReadOnlyMemory<byte> Content, string Sha256, int Chunks, long TotalBytes);
