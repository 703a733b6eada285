namespace ActorTrainer.Numerics.Products;

/// <summary>Which strip of inputs a tile computes; a type, so that each has a loop of its own.</summary>
internal interface IGradientStrip
{
    static abstract bool IsFirst { get; }
}

/// <summary>The first over a panel: it packs the panel for the others and sums the biases.</summary>
internal readonly struct FirstStrip : IGradientStrip
{
    public static bool IsFirst => true;
}

/// <summary>Any other.</summary>
internal readonly struct LaterStrip : IGradientStrip
{
    public static bool IsFirst => false;
}
