namespace ActorTrainer.Cluster.Compute;

/// <summary>What a compute thread does: it sends its own outcome.</summary>
internal interface IComputeWork
{
    void Compute();

    /// <summary>Called in place of an outcome when <see cref="Compute"/> threw; must not throw.</summary>
    void Fail(Exception failure);
}
