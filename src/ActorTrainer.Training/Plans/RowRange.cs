namespace ActorTrainer.Training.Plans;

/// <summary>Consecutive rows of a batch, [<paramref name="First"/>, First + Count).</summary>
public readonly record struct RowRange(int First, int Count)
{
    public int End => First + Count;

    public bool IsEmpty => Count == 0;

    public override string ToString() => $"[{First},{End})";
}
