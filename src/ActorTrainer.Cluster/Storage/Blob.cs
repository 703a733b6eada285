namespace ActorTrainer.Cluster.Storage;

/// <summary>A data set that is stored.</summary>
/// <param name="Sha256">64 lower-case hexadecimal digits: what it is called.</param>
/// <param name="Length">Bytes.</param>
/// <param name="StoredAt">When its last byte was written, in UTC.</param>
public sealed record Blob(string Sha256, long Length, DateTime StoredAt);
