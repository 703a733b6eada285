using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Plans;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>The mistakes that a cluster of this kind is most easily built with.</summary>
internal static class PlantedBugs
{
    public static ImmutableArray<PlantedBug> All { get; } =
    [
        new("old incarnation accepted (P1)") { Arrives = (world, _, message) => SimEpochs.With(message, world.NewestEpoch) },
        new("journal written by two at once (P1)") { WritesWithoutFence = true },
        new("offer of an old step taken for a new one")
        {
            Arrives = (world, _, message) => message is Offer offer && world.Random.Next(10) == 0 ? offer with { Item = Next(world, offer.Item) } : message,
        },
        new("duplicate applied: a repeated commit moves the shard again (P4)")
        {
            Arrives = (world, _, message) => message is Commit commit && world.Random.Next(4) == 0 ? commit with { Item = Next(world, commit.Item) } : message,
        },
        new("duplicate added: a block is summed twice (P3)") { Compute = DoubledBlock },
        new("tree by arrival: lanes are added in the order they come (B4)") { Compute = TreeByArrival },
        new("cursor off by one after a restart (B10)")
        {
            Compute = (world, order, compute) => compute(
                order.Epoch.Incarnation == 1 || order.Item is not { IsTraining: true, Step: > 0 }
                    ? order
                    : order with { Item = order.Item with { Step = order.Item.Step - 1 } }),
        },
        new("random numbers not keyed by row (B9)") { Filled = NumberedFromZero },
        new("acknowledged before persisted") { AcknowledgesBeforeStoring = true },
        new("part acknowledged before stored (P9)") { AcknowledgesPartsEarly = true },
        new("checkpoint overwrites the one before (P9)") { Key = (part, _, _) => (part, 0, 0) },
        new("parts of two incarnations share a key (P9)") { Key = (part, _, item) => (part, 0, item) },
        new("torn part loaded: its hash is not looked at (P9)") { IgnoresHashes = true },
        new("checkpoint recorded under another item (P9)")
        {
            Arrives = (world, _, message) => message is PartSaved saved && world.Random.Next(4) == 0 ? saved with { Item = Next(world, saved.Item) } : message,
        },
        new("checkpoint believed recorded before it is: more than an interval may be lost (P9)")
        {
            Arrives = (world, _, message) => message is ReportsSeen seen && world.Random.Next(2) == 0 ? new CheckpointSettled(seen.Epoch, seen.Item, true) : message,
        },
        new("commit without carried state (P4)")
        {
            // The barrier commits with what it has: nothing, which the next worker gets for a state of zeros.
            Arrives = (world, _, message) => message is LaneStates states && world.Random.Next(2) == 0
                ? states with { States = [.. states.States.Select(state => state with { State = null })] }
                : message,
        },
        new("carried state of an old item taken for the newest (B10)")
        {
            Arrives = (world, _, message) => message is LaneStates states && world.Random.Next(2) == 0 ? states with { Item = Next(world, states.Item) } : message,
        },
        new("report of an old item taken for a new one")
        {
            Arrives = (world, _, message) => message is LanesReported reported && world.Random.Next(10) == 0 ? reported with { Item = Next(world, reported.Item) } : message,
        },
        new("squares of an old item taken for new ones")
        {
            Arrives = (world, _, message) => message is ShardWhole whole && world.Random.Next(10) == 0 ? whole with { Item = Next(world, whole.Item) } : message,
        },
        new("versions mixed on a node (P5)")
        {
            Arrives = (world, _, message) => message is Published part && world.Random.Next(10) == 0 ? part with { Version = part.Version + 1 } : message,
        },
        new("commit believed too early (P4)")
        {
            Arrives = (world, _, message) => message is ItemCommitted committed && world.Random.Next(4) == 0 ? committed with { Item = committed.Item + 1 } : message,
        },
        new("repeated report counted as a new one (P8)")
        {
            Arrives = (world, _, message) => message is ItemsReported reported && world.Random.Next(10) == 0
                ? reported with { Items = [.. reported.Items.Select(item => item with { Item = item.Item + 1 })] }
                : message,
        },
        new("attempts not told apart (P11)")
        {
            Arrives = (_, _, message) => message switch
            {
                Offer offer => offer with { Attempt = 0 },
                ShardWhole whole => whole with { Attempt = 0 },
                LanesReported reported => reported with { Attempt = 0 },
                _ => message,
            },
        },
        new("larger block dropped because a smaller one is held (P3)") { Arrives = DropsLargerBlocks() },
        new("lost node's returning worker not welcome (P7)")
        {
            Arrives = (world, _, message) => message is AssignLanes assign && world.Happened.ContainsKey("worker comes back under its id")
                ? assign with { Lanes = [.. assign.Lanes.Skip(1)] }
                : message,
        },
        new("start of a tensor sent for the stretch that was asked for") { IgnoresOffsets = true },
        new("damaged transfer taken")
        {
            Fetched = (world, tensor) =>
            {
                if (world.Random.Next(50) == 0 && tensor.Length > 0)
                {
                    tensor.Span[world.Random.Next(tensor.Length)] *= 1.0000001f;
                }
            },
        },
        new("repeated request makes a second job") { ForgetsRequests = true },
    ];

    /// <summary>The next training item, which is what a message about the one before must not pass for.</summary>
    private static long Next(SimWorld world, long item)
    {
        var plan = world.Run.Plan;
        var steps = plan.StepsAfter(Math.Clamp(item + 1, 0, plan.Items));
        return steps < plan.Steps ? plan.ItemOfStep(steps) : item;
    }

    private static void NumberedFromZero(SimWorld world, SequenceBatch batch, PlanItem item)
    {
        if (item.IsTraining)
        {
            batch.Identify(world.Run.Recipe.Seed, item.Step, [.. Enumerable.Range(0, batch.Rows)]);
        }
    }

    /// <summary>A worker that computes a block twice, now and then, adds it twice.</summary>
    private static Computed DoubledBlock(SimWorld world, ComputeOrder order, Func<ComputeOrder, Computed> compute)
    {
        var computed = compute(order);
        if (computed.Gradients.Length > 0 && world.Random.Next(40) == 0)
        {
            var values = computed.Gradients[0].Values;
            LaneTree.Add(values, values.ToArray());
        }

        return computed;
    }

    /// <summary>The lanes of a block are added one after the other, whichever is done first.</summary>
    private static Computed TreeByArrival(SimWorld world, ComputeOrder order, Func<ComputeOrder, Computed> compute)
    {
        var computed = compute(order);
        for (var i = 0; i < order.Blocks.Length; i++)
        {
            var block = order.Blocks[i];
            if (block.Count < 4)
            {
                continue;
            }

            var sum = new float[computed.Gradients[i].Length];
            int[] lanes = [.. order.Lanes.Where(block.Contains)];
            world.Random.Shuffle(lanes);
            foreach (var lane in lanes)
            {
                var index = order.Lanes.IndexOf(lane);
                var single = compute(order with { Lanes = [lane], States = [order.States[index]], Blocks = [new LaneBlock(lane, 1)] });
                LaneTree.Add(sum, single.Gradients[0].Values);
                foreach (var lease in single.States.Concat(single.Gradients))
                {
                    lease.Release();
                }
            }

            sum.CopyTo(computed.Gradients[i].Values);
        }

        return computed;
    }

    private static Func<SimWorld, SimParty, object, object?> DropsLargerBlocks()
    {
        var held = new System.Runtime.CompilerServices.ConditionalWeakTable<SimParty, HashSet<(long Item, LaneBlock Block)>>();
        return (_, to, message) =>
        {
            if (message is not Offer offer)
            {
                return message;
            }

            var blocks = held.GetOrCreateValue(to);
            if (blocks.Any(other => other.Item == offer.Item && other.Block != offer.Block && offer.Block.Contains(other.Block)))
            {
                return null;
            }

            blocks.Add((offer.Item, offer.Block));
            return offer;
        };
    }
}
