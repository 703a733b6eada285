using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// Worker: compute these lanes of one item on a thread of one's own, for instance with
/// <see cref="LaneComputer"/>, and tell the worker <see cref="Computed"/>. There is never a second order
/// before that answer. The order holds leases: an order that is not carried out is released.
/// </summary>
/// <param name="Lanes">Ascending, each with rows.</param>
/// <param name="States">For each lane the state that enters the item; nothing held: zeros.</param>
/// <param name="Blocks">What to sum gradients over (B4); none for a validation batch.</param>
/// <param name="Weights">The version that the item reads.</param>
/// <param name="Attempt">A result of an earlier one than the worker's is not used (P11).</param>
public sealed record ComputeOrder(
    Epoch Epoch,
    PlanItem Item,
    ImmutableArray<int> Lanes,
    ImmutableArray<TensorLease> States,
    ImmutableArray<LaneBlock> Blocks,
    WeightsLease Weights,
    int Attempt) : Effect
{
    /// <summary>Gives back the weights and the entering states.</summary>
    public void Release()
    {
        Weights.Release();
        foreach (var state in States)
        {
            state.Release();
        }
    }
}

/// <summary>
/// From the compute thread to its worker: an order is carried out, and what it held is to be released
/// by whoever gets this, the worker in the first place.
/// </summary>
/// <param name="Sums">For each lane of the order.</param>
/// <param name="States">For each lane what it carries after the item; nothing held where nothing is carried.</param>
/// <param name="Gradients">For each block its sum, [ParameterCount].</param>
public sealed record Computed(
    ComputeOrder Order,
    ImmutableArray<LossSums> Sums,
    ImmutableArray<TensorLease> States,
    ImmutableArray<TensorLease> Gradients)
{
    /// <summary>Gives everything back, the order's leases too: for a result that nobody wants any more.</summary>
    public void Release()
    {
        Order.Release();
        foreach (var state in States)
        {
            state.Release();
        }

        foreach (var gradient in Gradients)
        {
            gradient.Release();
        }
    }
}
