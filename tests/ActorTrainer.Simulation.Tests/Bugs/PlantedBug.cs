using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Plans;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// A mistake that production code does not have, made by the simulator in its place: by what it changes in
/// messages, results and keys, or by what its shells do in the wrong order.
/// </summary>
internal sealed record PlantedBug(string Name)
{
    /// <summary>What a party gets in place of a message; null: nothing.</summary>
    public Func<SimWorld, SimParty, object, object?>? Arrives { get; init; }

    /// <summary>How an order is carried out; the last argument does it right, for any order.</summary>
    public Func<SimWorld, ComputeOrder, Func<ComputeOrder, Computed>, Computed>? Compute { get; init; }

    /// <summary>What is done to a batch before it is computed.</summary>
    public Action<SimWorld, SequenceBatch, PlanItem>? Filled { get; init; }

    /// <summary>What is done to a tensor that came from another node.</summary>
    public Action<SimWorld, Memory<float>>? Fetched { get; init; }

    /// <summary>Under which key a part is stored.</summary>
    public Func<string, long, long, (string Part, long Incarnation, long Item)>? Key { get; init; }

    /// <summary>Whoever persists goes on before the fact is stored.</summary>
    public bool AcknowledgesBeforeStoring { get; init; }

    /// <summary>A part is said to be stored before it is.</summary>
    public bool AcknowledgesPartsEarly { get; init; }

    /// <summary>Parts are not held against the hashes that were recorded.</summary>
    public bool IgnoresHashes { get; init; }

    /// <summary>A number of a journal may be taken twice.</summary>
    public bool WritesWithoutFence { get; init; }

    /// <summary>A repeated request is a new one.</summary>
    public bool ForgetsRequests { get; init; }

    /// <summary>A tensor is sent from its start, whatever stretch of it was asked for.</summary>
    public bool IgnoresOffsets { get; init; }

    public override string ToString() => Name;
}
