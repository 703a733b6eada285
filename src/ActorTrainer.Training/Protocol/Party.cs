namespace ActorTrainer.Training.Protocol;

/// <summary>Whom a core speaks to.</summary>
public enum PartyKind
{
    /// <summary>Whoever sent the message that is being handled.</summary>
    Sender,
    Job,
    Barrier,
    Shard,
    Worker,
    Node,
}

/// <summary>
/// The address of a party of a job's run as the cores know it; shells and the simulator map it to a
/// place. Barrier and shards are those of the core's own epoch.
/// </summary>
/// <param name="Index">Of a shard; else 0.</param>
/// <param name="Name">Of a worker or node; else null.</param>
public readonly record struct Party(PartyKind Kind, int Index, string? Name)
{
    public static Party Sender => new(PartyKind.Sender, 0, null);

    public static Party Job => new(PartyKind.Job, 0, null);

    public static Party Barrier => new(PartyKind.Barrier, 0, null);

    public static Party Shard(int index) => new(PartyKind.Shard, index, null);

    public static Party Worker(WorkerId id) => new(PartyKind.Worker, 0, id.Value);

    public static Party Node(NodeId id) => new(PartyKind.Node, 0, id.Value);

    public override string ToString() => Kind switch
    {
        PartyKind.Shard => $"shard-{Index}",
        PartyKind.Worker or PartyKind.Node => $"{Kind}({Name})",
        _ => Kind.ToString(),
    };
}
