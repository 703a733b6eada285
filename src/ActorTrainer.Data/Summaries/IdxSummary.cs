using ActorTrainer.Data.Images;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data.Summaries;

/// <summary>Reads an IDX file, keeping no values.</summary>
internal static class IdxSummary
{
    private const string Name = "values";
    private const int PieceLength = 64 * 1024;

    /// <exception cref="InvalidDataSetException">It is no IDX file of bytes, is cut short or too long, or larger than the limit.</exception>
    public static DataSummary Read(Stream file, DataLimits limits) => IdxFile.Open(file, Name, plain => ReadPlain(plain, limits));

    private static DataSummary ReadPlain(Stream plain, DataLimits limits)
    {
        var dimensions = IdxHeader.Read(plain, Name, rank: null);
        var size = (long)IdxHeader.Size(dimensions, Name, limits);
        var (counts, piece) = (new long[256], new byte[PieceLength]);
        var done = 0L;
        for (int read; (read = plain.Read(piece)) > 0; done += read)
        {
            if (done + read > size)
            {
                throw new InvalidDataSetException(
                    $"The file of {Name} goes on after the {size} bytes of values that its header ({IdxHeader.Shown(dimensions)}) promises.");
            }

            foreach (var value in piece.AsSpan(0, read))
            {
                counts[value]++;
            }
        }

        return done == size
            ? new DataSummary(DataFormat.Idx, dimensions[0], [Column(counts, size)], dimensions)
            : throw new InvalidDataSetException(
                $"The file of {Name} ends after {done} of {size} bytes of values, which its header ({IdxHeader.Shown(dimensions)}) promises.");
    }

    private static ColumnSummary Column(long[] counts, long size)
    {
        var (sum, squares, minimum, maximum, distinct) = (0.0, 0.0, 255, 0, 0);
        for (var value = 0; value < counts.Length; value++)
        {
            if (counts[value] > 0)
            {
                (minimum, maximum, distinct) = (Math.Min(minimum, value), value, distinct + 1);
                sum += (double)counts[value] * value;
                squares += (double)counts[value] * value * value;
            }
        }

        // Exact before the division: at most 2³¹ values of at most 255².
        var mean = sum / size;
        var deviation = Math.Sqrt(Math.Max(0, (squares / size) - (mean * mean)));
        return new ColumnSummary("value", new NumberSummary(minimum, maximum, mean, deviation), size, 0, distinct);
    }
}
