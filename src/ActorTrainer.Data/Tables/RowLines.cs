namespace ActorTrainer.Data.Tables;

/// <summary>On which line of the file each row begins. Rows that follow line on line cost nothing.</summary>
internal sealed class RowLines
{
    private readonly List<(int Row, long Line)> _jumps = [];
    private long _next = -1;

    public int Rows { get; private set; }

    public long this[int row]
    {
        get
        {
            var (low, high) = (0, _jumps.Count - 1);
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                (low, high) = _jumps[middle].Row <= row ? (middle, high) : (low, middle - 1);
            }

            return _jumps[low].Line + (row - _jumps[low].Row);
        }
    }

    public void Add(long line)
    {
        if (line != _next)
        {
            _jumps.Add((Rows, line));
        }

        _next = line + 1;
        Rows++;
    }
}
