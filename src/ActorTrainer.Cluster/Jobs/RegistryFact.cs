using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>What is true of the registry for ever: its events. What happens within a job is in the job's own journal.</summary>
internal abstract record RegistryFact
{
    private RegistryFact()
    {
    }

    /// <summary>A submission and its request id, which are one event.</summary>
    public sealed record JobRegistered(string RequestId, JobFact.Submitted Submitted) : RegistryFact;

    /// <summary>The job has ended: this is its last view, and it needs no actor any more.</summary>
    public sealed record JobEnded(JobView View) : RegistryFact;
}
