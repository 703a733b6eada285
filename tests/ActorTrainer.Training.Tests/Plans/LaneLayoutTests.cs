using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Plans;

namespace ActorTrainer.Training.Tests.Plans;

public sealed class LaneLayoutTests
{
    [Fact]
    public void Puts_row_r_into_lane_r_times_L_over_B_for_every_small_batch()
    {
        foreach (var lanes in new[] { 1, 2, 4, 8, 16, 64 })
        {
            for (var batch = 1; batch <= 70; batch++)
            {
                var layout = new LaneLayout(batch, lanes);
                for (var present = 0; present <= batch; present += present < 4 ? 1 : 3)
                {
                    for (var lane = 0; lane < lanes; lane++)
                    {
                        var expected = Enumerable.Range(0, present).Where(row => row * lanes / batch == lane).ToArray();
                        var rows = layout.Rows(lane, present);
                        Assert.Equal(expected, Enumerable.Range(rows.First, rows.Count));
                        Assert.Equal(expected.Length == 0, layout.IsEmpty(lane, present));
                    }
                }

                Assert.All(Enumerable.Range(0, batch), row => Assert.Equal(row * lanes / batch, layout.LaneOf(row)));
            }
        }
    }

    [Fact]
    public void Leaves_lanes_empty_when_there_are_fewer_rows_than_lanes()
    {
        var layout = new LaneLayout(3, 8);

        Assert.Equal([0, 2, 5], Enumerable.Range(0, 8).Where(lane => !layout.IsEmpty(lane, 3)));
    }

    [Fact]
    public void Gives_a_block_of_lanes_the_rows_of_its_lanes()
    {
        var layout = new LaneLayout(20, 8);

        Assert.Equal(new RowRange(5, 5), layout.Rows(new LaneBlock(2, 2), 20));
        Assert.Equal(new RowRange(5, 2), layout.Rows(new LaneBlock(2, 2), 7));
        Assert.Equal(new RowRange(0, 20), layout.Rows(layout.All, 20));
    }

    [Fact]
    public void Does_not_overflow_at_the_largest_batch_and_most_lanes()
    {
        var layout = new LaneLayout(int.MaxValue, 1024);

        Assert.Equal(1023, layout.LaneOf(int.MaxValue - 1));
        Assert.Equal(int.MaxValue, layout.Rows(1023).End);
    }

    [Fact]
    public void Refuses_lanes_that_are_no_power_of_two_and_lanes_there_are_not()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LaneLayout(8, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LaneLayout(8, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LaneLayout(0, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LaneLayout(8, 8).Rows(8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LaneLayout(8, 8).Rows(0, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LaneLayout(8, 8).LaneOf(8));
    }
}
