using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Tensors;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// The compute threads. What an order comes to is a function of the bits it starts from, so that schedules share what
/// one of them has computed: an answer is found by the hash of weights and entering states.
/// </summary>
internal sealed class SimCompute(SimWorld world)
{
    private readonly HashSet<(long Incarnation, long Item)> _wrong = [];

    /// <summary>Computes when the time is over, from what the leases hold then.</summary>
    public void Start(SimWorker worker, ComputeOrder order)
    {
        var takes = world.Random.Next(30) == 0 && world.IsHostile ? world.Random.Next(1_000, 400_000) : world.Random.Next(100, 3_000);
        world.After(takes, () => worker.Process.Enter(() => Finish(worker, order)));
    }

    private void Finish(SimWorker worker, ComputeOrder order)
    {
        if (worker.IsAlive)
        {
            var computed = world.Bug?.Compute is { } mutant
                ? mutant(world, order, changed => Carry(worker, order, changed))
                : Carry(worker, order, order);
            worker.Receive(null, MayBeWrong(computed));
        }
        else
        {
            order.Release();
        }
    }

    /// <summary>The answer to an order, from the bits of another, which is the same where no bug is planted.</summary>
    private Computed Carry(SimWorker worker, ComputeOrder order, ComputeOrder from)
    {
        var entry = Find(from);
        var store = worker.Process.Tensors;
        return new Computed(
            order,
            entry.Sums,
            [.. entry.States.Select(state => state is null ? default : Rent(state))],
            [.. entry.Gradients.Select(Rent)]);

        TensorLease Rent(float[] values)
        {
            var lease = store.Rent(values.Length);
            values.CopyTo(lease.Values);
            return lease;
        }
    }

    private Entry Find(ComputeOrder order)
    {
        var memory = world.Scenario.Computed;
        if (!world.Options.Remembers || world.Bug?.Filled is not null)
        {
            return Calculate(order, world.Bug?.Filled is { } bug ? batch => bug(world, batch, order.Item) : null);
        }

        var key = Key(order);
        return memory.TryGetValue(key, out var known) ? known : memory.Add(key, Calculate(order, null));
    }

    private Entry Calculate(ComputeOrder order, Action<SequenceBatch>? filled)
    {
        var computer = world.Scenario.RentComputer(world.Options.Width);
        computer.Filled = filled;
        var computed = computer.Compute(order);
        var entry = new Entry(
            computed.Sums,
            [.. computed.States.Select(state => state.IsHeld ? state.Values.ToArray() : null)],
            [.. computed.Gradients.Select(gradient => gradient.Values.ToArray())]);
        foreach (var lease in computed.States.Concat(computed.Gradients))
        {
            lease.Release();
        }

        computer.Filled = null;
        world.Scenario.Return(computer, world.Options.Width);
        return entry;
    }

    private UInt128 Key(ComputeOrder order)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<long>([order.Item.Number, order.Item.Step, order.Item.ValidationBatch]));
        hash.AppendData(MemoryMarshal.AsBytes(order.Lanes.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(order.Blocks.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(order.Weights.Weights.Values));
        foreach (var state in order.States)
        {
            hash.AppendData(state.IsHeld ? [1] : [0]);
            hash.AppendData(MemoryMarshal.AsBytes(state.Values));
        }

        Span<byte> value = stackalloc byte[32];
        hash.GetHashAndReset(value);
        return MemoryMarshal.Read<UInt128>(value);
    }

    /// <summary>P11: once for an item of a life of the job, a gradient is not finite though it should be.</summary>
    private Computed MayBeWrong(Computed computed)
    {
        var (epoch, item) = (computed.Order.Epoch, computed.Order.Item);
        if (world.WrongGradients <= 0 || computed.Gradients.IsEmpty || !_wrong.Add((epoch.Incarnation, item.Number)))
        {
            return computed;
        }

        world.WrongGradients--;
        world.Count("gradient wrongly not finite");
        var gradient = computed.Gradients[world.Random.Next(computed.Gradients.Length)].Values;
        gradient[world.Random.Next(gradient.Length)] = world.Random.Next(2) == 0 ? float.NaN : float.NegativeInfinity;
        return computed;
    }

    /// <summary>What an order came to.</summary>
    internal sealed record Entry(ImmutableArray<LossSums> Sums, ImmutableArray<float[]?> States, ImmutableArray<float[]> Gradients);

    /// <summary>The answers of a scenario, up to a bound.</summary>
    internal sealed class Memory
    {
        private const long MostFloats = 12 << 20;

        private readonly ConcurrentDictionary<UInt128, Entry> _entries = new();
        private long _floats;

        public bool TryGetValue(UInt128 key, out Entry entry) => _entries.TryGetValue(key, out entry!);

        public Entry Add(UInt128 key, Entry entry)
        {
            var floats = entry.Gradients.Sum(gradient => gradient.Length) + entry.States.Sum(state => state?.Length ?? 0);
            if (Interlocked.Add(ref _floats, floats) <= MostFloats)
            {
                _entries.TryAdd(key, entry);
            }

            return entry;
        }
    }
}
