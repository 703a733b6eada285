using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// The oracle has to be able to fail. Each planted bug relabels messages on their way, as if the receiver
/// did not look at one of the numbers by which it tells old, repeated and foreign messages apart.
/// </summary>
public sealed class PlantedBugTests
{
    private static readonly Dictionary<string, Func<SimWorld, object, object>> Bugs = new()
    {
        ["nobody looks at epochs (P1)"] = (world, message) => SimNetwork.WithEpoch(message, world.NewestEpoch),
        ["a shard takes an old offer for a new one"] = (world, message) =>
            message is Offer offer && world.Random.Next(10) == 0 ? offer with { Item = Next(world, offer.Item) } : message,
        ["a shard applies a repeated commit again (P4)"] = (world, message) =>
            message is Commit commit && world.Random.Next(4) == 0 ? commit with { Item = Next(world, commit.Item) } : message,
        ["a barrier takes an old report for a new one"] = (world, message) =>
            message is LanesReported reported && world.Random.Next(10) == 0 ? reported with { Item = Next(world, reported.Item) } : message,
        ["a barrier takes old squares for new ones"] = (world, message) =>
            message is ShardWhole whole && world.Random.Next(10) == 0 ? whole with { Item = Next(world, whole.Item) } : message,
        ["a node mixes versions (P5)"] = (world, message) =>
            message is Published part && world.Random.Next(10) == 0 ? part with { Version = part.Version + 1 } : message,
        ["a worker takes old states for new ones (B10)"] = (world, message) =>
            message is LaneStates states && world.Random.Next(2) == 0 ? states with { Item = Next(world, states.Item) } : message,
        ["a job takes a repeated report for a new one (P8)"] = (world, message) =>
            message is ItemsReported reported && world.Random.Next(10) == 0
                ? reported with { Items = [.. reported.Items.Select(item => item with { Item = item.Item + 1 })] }
                : message,
        ["a worker believes a commit too early (P4)"] = (world, message) =>
            message is ItemCommitted committed && world.Random.Next(4) == 0 ? committed with { Item = committed.Item + 1 } : message,
        ["nobody looks at attempts (P11)"] = (_, message) => message switch
        {
            Offer offer => offer with { Attempt = 0 },
            ShardWhole whole => whole with { Attempt = 0 },
            LanesReported reported => reported with { Attempt = 0 },
            _ => message,
        },
        ["a checkpoint is recorded under another item (P9)"] = (world, message) =>
            message is PartSaved saved && world.Random.Next(4) == 0 ? saved with { Item = Next(world, saved.Item) } : message,
    };

    public static TheoryData<string> Names => [.. Bugs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_found(string bug)
    {
        for (var schedule = 1; schedule <= 300; schedule++)
        {
            try
            {
                if (SimulationTests.Schedule(schedule, Bugs[bug]).Simulate() is not null)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or InvalidDataException)
            {
                return;
            }
        }

        Assert.Fail($"300 schedules came to the right bits although {bug}");
    }

    /// <summary>The next training item, which is what a message about the one before must not pass for.</summary>
    private static long Next(SimWorld world, long item)
    {
        var plan = world.Run.Plan;
        var steps = plan.StepsAfter(Math.Clamp(item + 1, 0, plan.Items));
        return steps < plan.Steps ? plan.ItemOfStep(steps) : item;
    }
}
