namespace ActorTrainer.Numerics.Products;

/// <summary>Where each output's chain starts (B1).</summary>
public enum ProductStart
{
    /// <summary>At +0.</summary>
    Zero,

    /// <summary>At the packed matrix's bias.</summary>
    Bias,

    /// <summary>At what the output holds: the chain of an earlier product goes on.</summary>
    Continue,
}
