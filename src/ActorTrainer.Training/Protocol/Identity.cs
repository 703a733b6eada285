namespace ActorTrainer.Training.Protocol;

/// <summary>A job's name among all jobs: [a-z][a-z0-9-]{0,61}.</summary>
public readonly record struct JobId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A worker's name, unique among all that ever lived: a restarted worker has a new one.</summary>
public readonly record struct WorkerId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A process that trains.</summary>
public readonly record struct NodeId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>
/// Which life of a job a message belongs to. The incarnation counts starts and take-overs (P1); the
/// timeline counts roll-backs that reuse step numbers with other contents (P2).
/// </summary>
public readonly record struct Epoch(JobId Job, long Incarnation, int Timeline)
{
    public override string ToString() => $"{Job.Value}/{Incarnation}.{Timeline}";
}

/// <summary>A tensor some party of this process holds: what a message carries in place of its bytes.</summary>
/// <param name="TensorId">Unique in the process that published it.</param>
/// <param name="Length">Floats.</param>
public readonly record struct Ticket(long TensorId, int Length);
