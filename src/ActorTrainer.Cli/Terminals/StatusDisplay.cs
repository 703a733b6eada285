namespace ActorTrainer.Cli.Terminals;

/// <summary>
/// Lines on the error stream, and below them one that is rewritten in place on a terminal. Lines may come
/// from several threads; each is written whole.
/// </summary>
internal sealed class StatusDisplay(Terminal terminal)
{
    private const string BackToStart = "\r";
    private const string EraseToEnd = "\e[K";

    private readonly Lock _writing = new();
    private string _live = "";

    /// <summary>A line that stays.</summary>
    public void Write(string line) => Write([line]);

    /// <summary>Lines that stay together.</summary>
    public void Write(IReadOnlyList<string> lines)
    {
        lock (_writing)
        {
            Erase();
            foreach (var line in lines)
            {
                terminal.Error.WriteLine(line);
            }

            Draw();
        }
    }

    /// <summary>The line at the bottom; nothing where it cannot be rewritten.</summary>
    public void Live(string line)
    {
        lock (_writing)
        {
            if (line != _live)
            {
                _live = line;
                Erase();
                Draw();
            }
        }
    }

    /// <summary>Takes the line at the bottom away.</summary>
    public void EndLive() => Live("");

    private void Erase()
    {
        if (terminal.IsLive)
        {
            terminal.Error.Write(BackToStart + EraseToEnd);
        }
    }

    private void Draw()
    {
        if (terminal.IsLive)
        {
            terminal.Error.Write(_live);
        }

        terminal.Error.Flush();
    }
}
