namespace ActorTrainer.Cli.Reports;

/// <summary>What a run waits for, in the line at the bottom.</summary>
internal static class WaitLine
{
    /// <summary>Fits into <paramref name="width"/> characters, cut where it must be.</summary>
    public static string Live(string text, int width) =>
        text.Length <= width ? text : width < 2 ? "" : text[..(width - 1)] + "…";
}
