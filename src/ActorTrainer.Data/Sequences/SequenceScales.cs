using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrainer.Data.Sequences;

/// <summary>Fits how numbers enter a network: by mean and deviation of the part that is trained on.</summary>
/// <param name="values">[rows × columns] NaN: missing, or masked.</param>
/// <param name="names">[columns]</param>
/// <param name="standardize">Whether columns are brought to mean 0 and deviation 1.</param>
internal sealed class SequenceScales(ChunkedList<double> values, ImmutableArray<string> names, bool standardize)
{
    /// <summary>The scales of the columns.</summary>
    /// <param name="training">Rows that are trained on, in runs.</param>
    /// <exception cref="InvalidDataSetException">A column has no number there.</exception>
    public ImmutableArray<ColumnScale> Fit(IReadOnlyCollection<Run> training) =>
        [.. names.Select((name, column) => Fit(name, Column(training, column)))];

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

    private ColumnScale Fit(string name, IEnumerable<double> column)
    {
        if (standardize)
        {
            return Standardisation.Fit(name, column);
        }

        return column.All(double.IsNaN) ? throw Standardisation.Nothing(name) : ColumnScale.Identity(name);
    }

    private IEnumerable<double> Column(IEnumerable<Run> training, int column)
    {
        foreach (var run in training)
        {
            for (var row = run.First; row < run.First + run.Count; row++)
            {
                yield return values[(row * names.Length) + column];
            }
        }
    }

    /// <summary>Rows that stand together: those of a sequence.</summary>
    /// <param name="First">The first row.</param>
    /// <param name="Count">Rows.</param>
    /// <param name="Line">The line of the file on which the sequence begins.</param>
    public readonly record struct Run(long First, long Count, long Line);
}
