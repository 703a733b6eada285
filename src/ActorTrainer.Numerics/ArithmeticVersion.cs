namespace ActorTrainer.Numerics;

/// <summary>
/// The version of the arithmetic: it stands in every run, checkpoint and model. Whatever can move a
/// bit of a result raises it.
/// </summary>
public static class ArithmeticVersion
{
    public const int Current = 1;
}
