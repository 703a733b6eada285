namespace ActorTrainer.Training.Ledger;

/// <summary>Consecutive samples of a run, [<paramref name="First"/>, <paramref name="End"/>).</summary>
public readonly record struct SampleRange(long First, long End)
{
    public long Count => End - First;

    public override string ToString() => $"[{First},{End})";
}
