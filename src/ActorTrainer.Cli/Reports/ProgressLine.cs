namespace ActorTrainer.Cli.Reports;

/// <summary>One line that says how far a run is.</summary>
internal static class ProgressLine
{
    private const int WidestBar = 30;
    private const int NarrowestBar = 8;

    /// <summary>For a terminal, to be overwritten by the next one: fits into <paramref name="width"/> characters.</summary>
    public static string Live(ProgressTracker progress, int width)
    {
        var head = Quantity.Invariant($"{Quantity.Count(progress.StepsDone)} / {Quantity.Count(progress.Steps)}  ");
        var tail = Quantity.Invariant($"  {Math.Floor(100 * progress.Share),3:0} %");
        string[] epoch = progress.Epoch is { } counted ? [counted] : [];
        foreach (var part in (string[])[.. epoch, .. Parts(progress, "seq/s", "ETA {0}")])
        {
            // What comes first is worth most: it takes the bar's place on a narrow terminal, and is not passed over.
            if (head.Length + tail.Length + 2 + part.Length > width)
            {
                break;
            }

            tail += "  " + part;
        }

        var room = Math.Min(WidestBar, width - head.Length - tail.Length);
        var line = room < NarrowestBar ? head + tail.TrimStart() : head + Bar(progress.Share, room) + tail;
        return line.Length <= width ? line : line[..Math.Max(0, width)];
    }

    /// <summary>For a file or a pipe, complete in itself.</summary>
    public static string Plain(ProgressTracker progress)
    {
        var done = Quantity.Invariant(
            $"step {Quantity.Count(progress.StepsDone)} of {Quantity.Count(progress.Steps)} ({Math.Floor(100 * progress.Share):0} %)");
        return string.Join("  ", [progress.Epoch is { } epoch ? $"{done}, {epoch}" : done, .. Parts(progress, "sequences/s", "{0} left")]);
    }

    private static IEnumerable<string> Parts(ProgressTracker progress, string rate, string left)
    {
        if (progress.Loss is { } loss)
        {
            yield return $"loss {Quantity.Loss(loss)}";
        }

        if (progress.TimeLeft is { } time)
        {
            yield return left.Replace("{0}", Quantity.Duration(time), StringComparison.Ordinal);
        }

        if (progress.SequencesPerSecond > 0)
        {
            yield return $"{Quantity.Count(progress.SequencesPerSecond)} {rate}";
        }
    }

    private static string Bar(double share, int width)
    {
        var full = (int)Math.Floor(share * width);
        return new string('━', full) + new string('─', width - full);
    }
}
