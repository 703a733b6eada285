using System.Collections.Immutable;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>What the registry's events have come to, so that a start need not read them all again.</summary>
/// <param name="Jobs">Oldest first.</param>
internal sealed record RegistrySnapshot(ImmutableArray<RegistrySnapshot.Job> Jobs)
{
    /// <param name="Ended">Its last view, whose spec is the submission's; null: it has not ended.</param>
    public sealed record Job(string RequestId, JobFact.Submitted Submitted, JobView? Ended);
}
