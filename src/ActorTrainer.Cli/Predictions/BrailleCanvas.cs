namespace ActorTrainer.Cli.Predictions;

/// <summary>A grid of characters with 2 × 4 dots each (Unicode's braille patterns), on which lines are drawn.</summary>
internal sealed class BrailleCanvas(int columns, int rows)
{
    private const char Blank = '\u2800';

    // Bit of the dot in column x, row y of a character.
    private static readonly int[,] Dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    private readonly int[,] _cells = new int[columns, rows];

    /// <summary>Dots across.</summary>
    public int Width => 2 * columns;

    /// <summary>Dots down.</summary>
    public int Height => 4 * rows;

    /// <summary>A line between two dots, both included; (0, 0) is the upper left one.</summary>
    public void Line(int fromX, int fromY, int toX, int toY)
    {
        var steps = Math.Max(1, Math.Max(Math.Abs(toX - fromX), Math.Abs(toY - fromY)));
        for (var step = 0; step <= steps; step++)
        {
            Set(fromX + (int)Math.Round((double)(toX - fromX) * step / steps), fromY + (int)Math.Round((double)(toY - fromY) * step / steps));
        }
    }

    public bool IsEmpty(int column, int row) => _cells[column, row] == 0;

    /// <summary>The character of a cell; a space where nothing is drawn.</summary>
    public char this[int column, int row] => _cells[column, row] == 0 ? ' ' : (char)(Blank + _cells[column, row]);

    private void Set(int x, int y)
    {
        if (x >= 0 && x < Width && y >= 0 && y < Height)
        {
            _cells[x / 2, y / 4] |= Dots[x % 2, y % 4];
        }
    }
}
