using ActorTrainer.Training.Ledger;
using ActorTrainer.Training.Plans;

namespace ActorTrainer.Training.Tests.Ledger;

public sealed class SampleLedgerTests
{
    private static PlanItem Step(long step) => new(step, ItemKind.Train, step, 0);

    private static int Full(long step) => 10;

    [Fact]
    public void Proves_a_run_whose_lanes_came_in_any_order()
    {
        var random = new Random(11);
        var lanes = new LaneLayout(10, 4);
        var parts = Enumerable.Range(0, 50).SelectMany(step => Enumerable.Range(0, 4).Select(lane => (step, lane))).ToArray();
        random.Shuffle(parts);
        var ledger = new SampleLedger(10);
        foreach (var (step, lane) in parts)
        {
            ledger.Commit(Step(step), lanes.Rows(lane));
        }

        Assert.Empty(ledger.Faults(50, Full));
        Assert.Equal(new SampleRange(0, 500), Assert.Single(ledger.Consumed));
    }

    [Fact]
    public void Takes_no_notice_of_validation_and_of_lanes_without_rows()
    {
        var ledger = new SampleLedger(10);
        ledger.Commit(new PlanItem(0, ItemKind.Validate, 3, 1), new RowRange(0, 10));
        ledger.Commit(Step(0), new RowRange(5, 0));

        Assert.Empty(ledger.Consumed);
        Assert.Empty(ledger.Faults(0, Full));
    }

    [Fact]
    public void Finds_what_is_missing()
    {
        var ledger = new SampleLedger(10);
        ledger.Commit(Step(0), new RowRange(0, 10));
        ledger.Commit(Step(1), new RowRange(3, 4));

        Assert.Equal(
            [
                "samples [10,13) were never consumed; the first is row 0 of step 1",
                "samples [17,30) were never consumed; the first is row 7 of step 1",
            ],
            ledger.Faults(3, Full).AsEnumerable());
    }

    [Fact]
    public void Finds_what_was_consumed_twice()
    {
        var ledger = new SampleLedger(10);
        ledger.Commit(Step(0), new RowRange(0, 10));
        ledger.Commit(Step(0), new RowRange(4, 3));

        Assert.Equal(["samples [4,7) were consumed again, in step 0 and following"], ledger.Faults(1, Full).AsEnumerable());
    }

    [Fact]
    public void Finds_what_no_step_has()
    {
        var ledger = new SampleLedger(10);
        ledger.Commit(Step(0), new RowRange(0, 10));
        ledger.Commit(Step(1), new RowRange(0, 10));

        Assert.Equal(["samples [7,20) were consumed, which are in none of the 1 steps"], ledger.Faults(1, _ => 7).AsEnumerable());
    }

    [Fact]
    public void Takes_short_batches_as_they_are()
    {
        var ledger = new SampleLedger(10);
        for (var step = 0; step < 6; step++)
        {
            ledger.Commit(Step(step), new RowRange(0, Rows(step)));
        }

        Assert.Empty(ledger.Faults(6, Rows));
        Assert.Equal(2, ledger.Consumed.Length);

        static int Rows(long step) => step % 3 == 2 ? 4 : 10;
    }

    [Fact]
    public void Forgets_what_a_recovery_repeats()
    {
        var ledger = new SampleLedger(10);
        for (var step = 0; step < 5; step++)
        {
            ledger.Commit(Step(step), new RowRange(0, 10));
        }

        ledger.Commit(Step(4), new RowRange(0, 1));
        ledger.RollBack(3);
        Assert.Equal(new SampleRange(0, 30), Assert.Single(ledger.Consumed));
        Assert.Empty(ledger.Doubles);
        ledger.Commit(Step(3), new RowRange(0, 10));

        Assert.Empty(ledger.Faults(4, Full));
    }

    [Fact]
    public void Agrees_with_a_count_of_every_sample_for_any_commits()
    {
        var random = new Random(12);
        for (var round = 0; round < 300; round++)
        {
            var ledger = new SampleLedger(10);
            var counts = new int[60];
            for (var i = random.Next(1, 25); i > 0; i--)
            {
                var (step, first) = (random.Next(5), random.Next(10));
                var rows = new RowRange(first, random.Next(0, 10 - first + 1));
                ledger.Commit(Step(step), rows);
                for (var row = rows.First; row < rows.End; row++)
                {
                    counts[(step * 10) + row]++;
                }
            }

            Assert.Equal(counts.Select(count => count > 0), Enumerable.Range(0, 60).Select(sample => ledger.Consumed.Any(range => range.First <= sample && sample < range.End)));
            Assert.Equal(counts.Sum(count => Math.Max(count - 1, 0)), ledger.Doubles.Sum(range => range.Count));
            Assert.Equal(counts[..50].All(count => count == 1), ledger.Faults(5, Full).IsEmpty);
        }
    }

    [Fact]
    public void Refuses_rows_that_no_batch_has() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampleLedger(10).Commit(Step(0), new RowRange(5, 6)));
}
