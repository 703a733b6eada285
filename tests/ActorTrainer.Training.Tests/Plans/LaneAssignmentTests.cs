using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Training.Tests.Plans;

public sealed class LaneAssignmentTests
{
    private static PlacedWorker[] Workers(int count) => [.. Enumerable.Range(0, count).Select(i => Placed($"w-{i:d3}"))];

    private static PlacedWorker Placed(string worker, string node = "n") => new(new WorkerId(worker), new NodeId(node));

    [Fact]
    public void Deals_every_lane_once_in_order_and_as_equally_as_whole_lanes_allow()
    {
        foreach (var lanes in new[] { 1, 2, 8, 64 })
        {
            for (var workers = 1; workers <= 70; workers++)
            {
                var owners = LaneAssignment.Of(lanes, Workers(workers));

                Assert.Equal(Enumerable.Range(0, lanes), owners.SelectMany(owner => owner.Lanes));
                Assert.Equal(workers, owners.Length);
                Assert.Equal(Math.Min(workers, lanes), owners.Count(owner => !owner.Lanes.IsEmpty));
                Assert.True(owners.Max(owner => owner.Lanes.Length) - owners.Where(owner => !owner.Lanes.IsEmpty).Min(owner => owner.Lanes.Length) <= 1);
            }
        }
    }

    [Fact]
    public void Depends_on_the_set_of_workers_and_not_on_the_order_they_are_named_in()
    {
        PlacedWorker[] workers = [Placed("b"), Placed("B"), Placed("a-10"), Placed("a-9")];

        var owners = LaneAssignment.Of(8, workers);

        Assert.Equal(["B", "a-10", "a-9", "b"], owners.Select(owner => owner.Worker.Value));
        Assert.Equal(
            owners.Select(owner => (owner.Worker, string.Join(',', owner.Lanes))),
            LaneAssignment.Of(8, workers.Reverse()).Select(owner => (owner.Worker, string.Join(',', owner.Lanes))));
    }

    [Fact]
    public void Deals_neighbouring_lanes_to_the_workers_of_a_node()
    {
        var owners = LaneAssignment.Of(8, [Placed("a", "n"), Placed("b", "m"), Placed("c", "n"), Placed("d", "m")]);

        Assert.Equal(["b m 0,1", "d m 2,3", "a n 4,5", "c n 6,7"], owners.Select(owner => $"{owner.Worker} {owner.Node} {string.Join(',', owner.Lanes)}"));
    }

    [Fact]
    public void Refuses_no_worker_and_a_worker_named_twice()
    {
        Assert.Throws<ArgumentException>(() => LaneAssignment.Of(8, []));
        Assert.Throws<ArgumentException>(() => LaneAssignment.Of(8, [Placed("a"), Placed("a")]));
    }
}
