using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrainer.Data.Sequences;

/// <summary>Fits how numbers enter a network: by mean and deviation of the part that is trained on.</summary>
/// <remarks>Sums are taken in double in the order of the file, first for the mean, then for the squares about it.</remarks>
/// <param name="values">[rows × columns] NaN: missing, or masked.</param>
/// <param name="names">[columns]</param>
/// <param name="standardize">Whether columns are brought to mean 0 and deviation 1.</param>
internal sealed class SequenceScales(ChunkedList<double> values, ImmutableArray<string> names, bool standardize)
{
    /// <summary>The scales of the columns.</summary>
    /// <param name="training">Rows that are trained on, in runs.</param>
    /// <exception cref="InvalidDataSetException">A column has no number there.</exception>
    public ImmutableArray<ColumnScale> Fit(IReadOnlyCollection<Run> training)
    {
        var scales = ImmutableArray.CreateBuilder<ColumnScale>(names.Length);
        for (var column = 0; column < names.Length; column++)
        {
            var mean = Mean(training, column, about: null);
            scales.Add(standardize
                ? new ColumnScale(names[column], mean, Deviation(Mean(training, column, about: mean)))
                : ColumnScale.Identity(names[column]));
        }

        return scales.MoveToImmutable();
    }

    /// <summary>Puts the mean, 0 when standardised, in the place of every missing number.</summary>
    public void FillMissing(ImmutableArray<ColumnScale> scales)
    {
        for (var at = 0L; at < values.Count; at++)
        {
            if (double.IsNaN(values[at]))
            {
                values[at] = scales[(int)(at % names.Length)].Mean;
            }
        }
    }

    /// <summary>Checks that every number enters as a finite float; one far from those that are trained on may not.</summary>
    /// <exception cref="InvalidDataSetException">Some do not.</exception>
    public void RequireFinite(ImmutableArray<ColumnScale> scales, IEnumerable<Run> file, FaultList faults)
    {
        foreach (var run in file)
        {
            for (var at = run.First * names.Length; at < (run.First + run.Count) * names.Length; at++)
            {
                var column = (int)(at % names.Length);
                if (float.IsInfinity(scales[column].Standardise(values[at])))
                {
                    faults.Add(run.Line, names[column], $"{values[at].ToString(CultureInfo.InvariantCulture)} is too far from the numbers that are trained on, "
                        + $"whose deviation is {scales[column].Deviation.ToString(CultureInfo.InvariantCulture)}.");
                    break;
                }
            }
        }
    }

    private static double Deviation(double variance) => variance > 0 ? Math.Sqrt(variance) : 1;

    // The mean of a column, or of the squares of its differences to a number.
    private double Mean(IReadOnlyCollection<Run> training, int column, double? about)
    {
        var (sum, count) = (0.0, 0L);
        foreach (var run in training)
        {
            for (var row = run.First; row < run.First + run.Count; row++)
            {
                var value = values[(row * names.Length) + column];
                if (!double.IsNaN(value))
                {
                    sum += about is { } mean ? (value - mean) * (value - mean) : value;
                    count++;
                }
            }
        }

        return count > 0
            ? sum / count
            : throw new InvalidDataSetException($"column '{names[column]}': no sequence that is trained on has a number.", null, names[column]);
    }

    /// <summary>Rows that stand together: those of a sequence.</summary>
    /// <param name="First">The first row.</param>
    /// <param name="Count">Rows.</param>
    /// <param name="Line">The line of the file on which the sequence begins.</param>
    public readonly record struct Run(long First, long Count, long Line);
}
