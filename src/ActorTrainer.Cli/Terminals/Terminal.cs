using System.Text;

namespace ActorTrainer.Cli.Terminals;

/// <summary>Where the program writes: results to the output, everything about how it goes to the error stream.</summary>
/// <param name="IsLive">The error stream is a terminal that a line can be rewritten on.</param>
/// <param name="HasColor">It also shows colours, and the user has not asked for none (no-color.org).</param>
/// <param name="Columns">Its width, asked each time: windows are resized.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error, bool IsLive, bool HasColor, Func<int> Columns)
{
    private const int UsualColumns = 100;

    /// <summary>The output is a terminal too, and not a file or a pipe: somebody looks at the result.</summary>
    public bool ShowsOutput { get; init; }

    /// <summary>The process's own streams.</summary>
    public static Terminal OfProcess()
    {
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = Encoding.UTF8;
        }

        var isLive = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        var wantsColor = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(Console.Out, Console.Error, isLive, isLive && wantsColor, Width) { ShowsOutput = !Console.IsOutputRedirected };

        static int Width()
        {
            try
            {
                return Console.WindowWidth is > 0 and var width ? width : UsualColumns;
            }
            catch (IOException)
            {
                return UsualColumns;
            }
        }
    }

    /// <summary>A line as several that fit, on a terminal; a file and a pipe have no width.</summary>
    public IReadOnlyList<string> Fold(string line) => IsLive ? Folding.Fold(line, Columns() - 1) : [line];

    /// <summary>Tells, on the error stream, what the user should know before going on; null: nothing.</summary>
    public void Warn(string? warning)
    {
        foreach (var line in warning is null ? [] : Fold(warning))
        {
            Error.WriteLine(line);
        }
    }

    /// <summary>The text in faint letters where that can be shown.</summary>
    public string Faint(string text) => HasColor ? $"\e[2m{text}\e[0m" : text;

    /// <summary>The text in bold letters where that can be shown.</summary>
    public string Strong(string text) => HasColor ? $"\e[1m{text}\e[0m" : text;
}
