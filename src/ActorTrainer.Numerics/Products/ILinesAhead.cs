namespace ActorTrainer.Numerics.Products;

/// <summary>How many lines a tile fetches at each step of its chain; the compiler makes a loop for each.</summary>
internal interface ILinesAhead
{
    static abstract bool AreTwo { get; }
}

/// <summary>One: a part of what later tiles read.</summary>
internal readonly struct OneLine : ILinesAhead
{
    public static bool AreTwo => false;
}

/// <summary>Both lines of a panel's row: the panel that the tile itself reads, some steps ahead.</summary>
internal readonly struct TwoLines : ILinesAhead
{
    public static bool AreTwo => true;
}
