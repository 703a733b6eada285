namespace ActorTrainer.Data.Tables;

/// <summary>A column of numbers; NaN is a missing one.</summary>
internal sealed class NumberColumn(string name)
{
    private double[] _values = [];

    public string Name { get; } = name;

    public int Count { get; private set; }

    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    public void Add(double value)
    {
        if (Count == _values.Length)
        {
            Array.Resize(ref _values, Math.Max(64, checked(Count + (Count / 2))));
        }

        _values[Count++] = value;
    }
}
