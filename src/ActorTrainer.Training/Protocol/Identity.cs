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
    /// <summary>Whether this life of the same job began after the other (P1).</summary>
    public bool IsNewerThan(Epoch other) => Job == other.Job && Incarnation > other.Incarnation;

    public override string ToString() => $"{Job.Value}/{Incarnation}.{Timeline}";
}

/// <summary>
/// A stretch of a tensor that some party of a process holds: what a message carries in place of
/// the bytes. Whoever gets one of its own node opens it (<see cref="Tensors.TensorStore.TryOpen"/>) before it
/// returns; one of another node is fetched over the data plane first. Either way there is nothing left of it if the
/// publisher has released the tensor meanwhile: then the message is as good as lost.
/// </summary>
/// <param name="Node">The process that published it.</param>
/// <param name="TensorId">Unique in the process that published it; never used again, and not to be guessed: knowing it is the right to read.</param>
/// <param name="Offset">First float of the stretch.</param>
/// <param name="Length">Floats.</param>
public readonly record struct Ticket(NodeId Node, long TensorId, int Offset, int Length)
{
    /// <summary>The floats [<paramref name="offset"/>, offset + length) of this stretch.</summary>
    public Ticket Slice(int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + (long)length, Length);
        return new Ticket(Node, TensorId, Offset + offset, length);
    }
}
