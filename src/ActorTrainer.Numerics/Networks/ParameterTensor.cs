namespace ActorTrainer.Numerics.Networks;

/// <summary>What a tensor of parameters is to its layer.</summary>
public enum ParameterRole
{
    /// <summary>A row of weights for each symbol, [symbols × dimension].</summary>
    Embedding,

    /// <summary>W, from what enters the layer: [inputs × gates·units].</summary>
    Input,

    /// <summary>U, from the layer's own hidden state one step before: [units × gates·units].</summary>
    Recurrent,

    /// <summary>b, [1 × gates·units].</summary>
    Bias,

    /// <summary>c, [1 × units]: what U·h₋₁ starts from in a GRU that resets after the product.</summary>
    RecurrentBias,
}

/// <summary>One tensor within the flat vector of parameters (B13): row-major, without padding.</summary>
/// <param name="Name">As it stands in a model file, e.g. <c>layers.1.lstm.W</c>.</param>
/// <param name="Layer">Index of the layer in the spec; the output layer is the number of layers.</param>
/// <param name="Offset">Of its first element in the flat vector.</param>
/// <param name="Columns">Gates · units; a dense layer has one gate.</param>
/// <param name="Gates">Parts of equal width that the columns consist of: 4 for an LSTM (i f g o), 3 for a GRU (r z n), else 1.</param>
public sealed record ParameterTensor(string Name, ParameterRole Role, int Layer, int Offset, int Rows, int Columns, int Gates)
{
    public int Length => Rows * Columns;

    public int End => Offset + Length;
}
