using System.Collections.Immutable;
using ActorTrainer.Training.Plans;

namespace ActorTrainer.Training.Ledger;

/// <summary>
/// Which samples the committed training steps have consumed, to prove that a run, whatever happened to
/// it, learned from each exactly once. Sample number = step · batch size + global row: with the step and
/// the row every position in the data is given (B10).
/// </summary>
/// <remarks>A run in order is one range, so that the ledger of any length stays small.</remarks>
public sealed class SampleLedger(int batchSize)
{
    // Disjoint, ascending, never touching each other.
    private readonly List<SampleRange> _consumed = [];
    private readonly List<SampleRange> _doubles = [];

    /// <summary>What was consumed, ascending, as few ranges as there are.</summary>
    public ImmutableArray<SampleRange> Consumed => [.. _consumed];

    /// <summary>What was consumed again, each time it was.</summary>
    public ImmutableArray<SampleRange> Doubles => [.. _doubles];

    /// <summary>Records that a committed item's gradient sum holds these rows; a validation item consumes nothing.</summary>
    public void Commit(PlanItem item, RowRange rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows.First, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfNegative(rows.Count, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows.End, batchSize, nameof(rows));
        if (item.IsTraining && !rows.IsEmpty)
        {
            var first = checked(item.Step * batchSize);
            Add(new SampleRange(first + rows.First, first + rows.End));
        }
    }

    /// <summary>Forgets what the steps from <paramref name="step"/> on consumed: the run went back to the version of that number (P8).</summary>
    public void RollBack(long step)
    {
        Cut(_consumed, step * batchSize);
        Cut(_doubles, step * batchSize);
    }

    /// <summary>
    /// What keeps the ledger from proving that the first <paramref name="steps"/> steps consumed each of
    /// their samples exactly once and nothing else was consumed; empty: it is proved.
    /// </summary>
    /// <param name="rowsOfStep">Rows present in a step.</param>
    public ImmutableArray<string> Faults(long steps, Func<long, int> rowsOfStep)
    {
        var faults = ImmutableArray.CreateBuilder<string>();
        foreach (var twice in _doubles)
        {
            faults.Add($"samples {twice} were consumed again, in step {twice.First / batchSize} and following");
        }

        var expected = new SampleLedger(batchSize);
        for (var step = 0L; step < steps; step++)
        {
            expected.Add(new SampleRange(step * batchSize, (step * batchSize) + rowsOfStep(step)));
        }

        foreach (var missing in Without(expected._consumed, _consumed))
        {
            faults.Add($"samples {missing} were never consumed; the first is row {missing.First % batchSize} of step {missing.First / batchSize}");
        }

        foreach (var strange in Without(_consumed, expected._consumed))
        {
            faults.Add($"samples {strange} were consumed, which are in none of the {steps} steps");
        }

        return faults.ToImmutable();
    }

    /// <inheritdoc cref="Faults(long, Func{long, int})"/>
    public ImmutableArray<string> Faults(TrainingRun run, long steps) => Faults(steps, run.Data.TrainingRows);

    private void Add(SampleRange range)
    {
        if (range.Count == 0)
        {
            return;
        }

        // The first range that ends at or behind the new one's start is the first it can touch.
        var (low, high) = (0, _consumed.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _consumed[middle].End < range.First ? (middle + 1, high) : (low, middle);
        }

        var merged = range;
        var next = low;
        for (; next < _consumed.Count && _consumed[next].First <= range.End; next++)
        {
            var held = _consumed[next];
            var overlap = new SampleRange(Math.Max(held.First, range.First), Math.Min(held.End, range.End));
            if (overlap.Count > 0)
            {
                _doubles.Add(overlap);
            }

            merged = new SampleRange(Math.Min(merged.First, held.First), Math.Max(merged.End, held.End));
        }

        _consumed.RemoveRange(low, next - low);
        _consumed.Insert(low, merged);
    }

    private static void Cut(List<SampleRange> ranges, long end)
    {
        for (var i = ranges.Count - 1; i >= 0; i--)
        {
            if (ranges[i].First >= end)
            {
                ranges.RemoveAt(i);
            }
            else if (ranges[i].End > end)
            {
                ranges[i] = ranges[i] with { End = end };
            }
        }
    }

    // What of the first is not in the second; both ascend.
    private static List<SampleRange> Without(List<SampleRange> ranges, List<SampleRange> others)
    {
        var left = new List<SampleRange>();
        var other = 0;
        foreach (var range in ranges)
        {
            var first = range.First;
            while (other < others.Count && others[other].End <= first)
            {
                other++;
            }

            for (var at = other; at < others.Count && others[at].First < range.End; at++)
            {
                if (others[at].First > first)
                {
                    left.Add(new SampleRange(first, others[at].First));
                }

                first = Math.Max(first, others[at].End);
            }

            if (first < range.End)
            {
                left.Add(new SampleRange(first, range.End));
            }
        }

        return left;
    }
}
