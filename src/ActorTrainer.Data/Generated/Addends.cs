namespace ActorTrainer.Data.Generated;

/// <summary>Two numbers to be added.</summary>
public readonly record struct Addends(ulong A, ulong B)
{
    public ulong Sum => A + B;
}
