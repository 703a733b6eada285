using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ActorTrainer.Numerics.Products;

/// <summary>
/// Which column of a dense matrix stands in each column of its working copy, or −1 where the working
/// copy has padding. Columns are independent of each other, so no order moves a bit (B1).
/// </summary>
public sealed class ColumnOrder
{
    private ColumnOrder(ImmutableArray<int> sources, int denseColumns)
    {
        Sources = sources;
        DenseColumns = denseColumns;

        // Sixteen columns that stand together in the dense matrix too are moved as one piece.
        var runs = ImmutableArray.CreateBuilder<int>((sources.Length + RunLength - 1) / RunLength);
        for (var column = 0; column < sources.Length; column += RunLength)
        {
            runs.Add(StartOfRun(sources, column));
        }

        Runs = runs.MoveToImmutable();
        UsedColumns = sources.Length;
        while (UsedColumns > 0 && sources[UsedColumns - 1] < 0)
        {
            UsedColumns--;
        }
    }

    /// <summary>Columns that are looked at together: the units of a gate block.</summary>
    public const int RunLength = 16;

    /// <summary>[Columns] the dense column of each working column, −1 for padding.</summary>
    public ImmutableArray<int> Sources { get; }

    /// <summary>Columns of the working copy.</summary>
    public int Columns => Sources.Length;

    /// <summary>Columns of the working copy without the padding at its end: what products need to compute.</summary>
    public int UsedColumns { get; }

    /// <summary>Columns of the dense matrix.</summary>
    public int DenseColumns { get; }

    /// <summary>[⌈Columns/16⌉] first dense column of each sixteen that are consecutive, or −1.</summary>
    internal ImmutableArray<int> Runs { get; }

    /// <summary>The columns as they are.</summary>
    public static ColumnOrder Natural(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        return new([.. Enumerable.Range(0, columns)], columns);
    }

    /// <summary>The columns as they are, and padding up to a multiple of <paramref name="multiple"/>.</summary>
    public static ColumnOrder Padded(int columns, int multiple)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        var padded = (columns + multiple - 1) / multiple * multiple;
        return new([.. Enumerable.Range(0, padded).Select(column => column < columns ? column : -1)], columns);
    }

    /// <summary>
    /// Gates of <paramref name="units"/> columns each, interleaved by blocks of 16 units: for an LSTM
    /// [i₀…i₁₅ f₀…f₁₅ g₀…g₁₅ o₀…o₁₅ i₁₆…], so that a cell finds all gates of its units in two panels.
    /// The last block is padded to 16 units.
    /// </summary>
    public static ColumnOrder Interleaved(int gates, int units)
    {
        var blocks = (units + RunLength - 1) / RunLength;
        var sources = new int[blocks * gates * RunLength];
        for (var column = 0; column < sources.Length; column++)
        {
            var unit = (column / (gates * RunLength) * RunLength) + (column % RunLength);
            var gate = column / RunLength % gates;
            sources[column] = unit < units ? (gate * units) + unit : -1;
        }

        return new([.. sources], gates * units);
    }

    /// <summary>
    /// Two gates of <paramref name="units"/> columns interleaved, then <paramref name="skipped"/> columns of
    /// padding, then a third gate's columns as they are, padded to whole panels: r z and n of a GRU.
    /// </summary>
    public static ColumnOrder PairAndThird(int units, int skipped = 0)
    {
        var third = Padded(units, PackedMatrix.PanelWidth).Sources.Select(column => column < 0 ? -1 : (2 * units) + column);
        return new([.. Interleaved(2, units).Sources, .. Enumerable.Repeat(-1, skipped), .. third], 3 * units);
    }

    /// <summary>Puts 32 working columns from <paramref name="column"/> on to their places in a dense row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal unsafe void StorePanel(float* values, int column, float* row)
    {
        var end = Math.Min(column + PackedMatrix.PanelWidth, Columns);
        for (; column < end; column += RunLength, values += RunLength)
        {
            var run = Runs[column / RunLength];
            if (run >= 0)
            {
                Vector512.Load(values).Store(row + run);
                continue;
            }

            var last = Math.Min(column + RunLength, end);
            for (var j = column; j < last; j++)
            {
                var source = Sources[j];
                if (source >= 0)
                {
                    row[source] = values[j - column];
                }
            }
        }
    }

    private static int StartOfRun(ImmutableArray<int> sources, int first)
    {
        if (first + RunLength > sources.Length || sources[first] < 0)
        {
            return -1;
        }

        for (var i = 1; i < RunLength; i++)
        {
            if (sources[first + i] != sources[first] + i)
            {
                return -1;
            }
        }

        return sources[first];
    }
}
