using System.Collections.Immutable;

namespace ActorTrainer.Numerics.Networks;

/// <summary>What enters the first layer at each time step.</summary>
public enum InputKind
{
    /// <summary>One symbol, an integer below the input size: one-hot, or looked up by an embedding.</summary>
    Symbols,

    /// <summary>A vector of as many floats as the input size.</summary>
    Features,
}

/// <summary>The function applied to a dense layer's pre-activations.</summary>
public enum Activation
{
    Linear,
    Sigmoid,
    Tanh,
    Relu,
}

/// <summary>What the outputs of the last layer are held to.</summary>
public enum LossKind
{
    /// <summary>Softmax over the outputs against one class, −ln p(class), in nats.</summary>
    SoftmaxCrossEntropy,

    /// <summary>A sigmoid on each output against 0 or 1, −ln p, in nats, summed over the outputs.</summary>
    BinaryCrossEntropy,

    /// <summary>(1/outputs)·Σ (y − t)² over the outputs of a target.</summary>
    MeanSquaredError,
}

/// <summary>Where a network's outputs are made.</summary>
public enum Head
{
    /// <summary>At every time step.</summary>
    EveryStep,

    /// <summary>
    /// Layers above the last recurrent one, and the output, are computed once per row, at its last valid step;
    /// without a recurrent layer all of them are.
    /// </summary>
    LastStep,
}

/// <summary>How a matrix of weights starts (rule B9: keyed by seed, layer and index alone).</summary>
public abstract record Initializer
{
    private Initializer()
    {
    }

    /// <summary>Normal with mean 0, redrawn outside two standard deviations.</summary>
    public sealed record TruncatedNormal(double StandardDeviation) : Initializer;

    /// <summary>Uniform in [<paramref name="Low"/>, <paramref name="High"/>).</summary>
    public sealed record Uniform(double Low, double High) : Initializer;

    /// <summary>Uniform in ±√(6 / (inputs + outputs)). Glorot and Bengio, AISTATS 2010.</summary>
    public sealed record Xavier : Initializer;

    public sealed record Constant(double Value) : Initializer;

    /// <summary>
    /// Columns, or rows where there are fewer of them, orthogonal and of length <paramref name="Gain"/>; each
    /// gate a matrix of its own. Saxe, McClelland and Ganguli, ICLR 2014.
    /// </summary>
    public sealed record Orthogonal(double Gain) : Initializer;

    /// <summary>
    /// <paramref name="Scale"/> on the diagonal, 0 elsewhere; each gate a matrix of its own. Le, Jaitly and
    /// Hinton, "A Simple Way to Initialize Recurrent Networks of Rectified Linear Units", 2015.
    /// </summary>
    public sealed record Identity(double Scale) : Initializer;
}

/// <summary>Where a GRU's reset gate acts on the candidate.</summary>
public enum GruReset
{
    /// <summary>On the hidden state, n = tanh(W·x + U·(r∘h₋₁) + b). Cho et al., EMNLP 2014.</summary>
    Before,

    /// <summary>On the product with a bias of its own, n = tanh(W·x + b + r∘(U·h₋₁ + c)). As in cuDNN and PyTorch.</summary>
    After,
}

/// <summary>One layer, without the width of what enters it.</summary>
public abstract record LayerSpec
{
    private LayerSpec()
    {
    }

    /// <summary>A row of <paramref name="Dimension"/> weights for each symbol; only as the first layer.</summary>
    public sealed record Embedding(int Dimension, Initializer Initializer) : LayerSpec;

    /// <summary>
    /// LSTM with gates i f g o, no peepholes. The forget gate's bias starts at
    /// <paramref name="ForgetBias"/>, the others at 0; the initializer is for W and for U.
    /// </summary>
    public sealed record Lstm(int Units, double ForgetBias, Initializer Initializer) : LayerSpec
    {
        /// <summary>How U starts; null: like W.</summary>
        public Initializer? RecurrentInitializer { get; init; }
    }

    /// <summary>h = f(W·x + U·h₋₁ + b), f = tanh or relu. Elman, Cognitive Science 14(2), 1990.</summary>
    public sealed record Elman(int Units, Initializer Initializer) : LayerSpec
    {
        /// <summary><see cref="Activation.Tanh"/> or <see cref="Activation.Relu"/>.</summary>
        public Activation Activation { get; init; } = Activation.Tanh;

        /// <inheritdoc cref="Lstm.RecurrentInitializer"/>
        public Initializer? RecurrentInitializer { get; init; }
    }

    /// <summary>
    /// GRU with gates r (reset), z (update) and n (candidate), h = (1 − z)∘n + z∘h₋₁; the biases start at 0.
    /// </summary>
    public sealed record Gru(int Units, GruReset Reset, Initializer Initializer) : LayerSpec
    {
        /// <inheritdoc cref="Lstm.RecurrentInitializer"/>
        public Initializer? RecurrentInitializer { get; init; }
    }

    /// <summary>y = f(W·x + b), the same at every time step.</summary>
    public sealed record Dense(int Units, Activation Activation, Initializer Initializer, double Bias) : LayerSpec;

    /// <summary>
    /// In training each unit is kept with probability <paramref name="Keep"/>, above 0 and at most 1, and then scaled
    /// by 1/keep, else 0 (B9: keyed by step, row, time step and unit); it has no tensors. Not over symbols.
    /// Srivastava et al., "Dropout", JMLR 15, 2014, inverted.
    /// </summary>
    public sealed record Dropout(double Keep) : LayerSpec;
}

/// <summary>A whole network: input, layers, and a linear output layer under a loss.</summary>
/// <param name="Input">What a time step's input is.</param>
/// <param name="InputSize">Symbols, or features.</param>
/// <param name="Layers">From the input upwards, without the output layer.</param>
/// <param name="Outputs">Width of the output layer.</param>
/// <param name="OutputInitializer">How the output layer's weights start.</param>
public sealed record NetworkSpec(
    InputKind Input,
    int InputSize,
    ImmutableArray<LayerSpec> Layers,
    LossKind Loss,
    int Outputs,
    Initializer OutputInitializer)
{
    /// <summary>Where outputs are made, and targets stand.</summary>
    public Head Head { get; init; } = Head.EveryStep;

    /// <summary>What the output layer's bias starts at.</summary>
    public double OutputBias { get; init; }

    /// <summary>By class: factor of a target's weight under a softmax loss, whose mean is then weighted (B5); empty: 1 each.</summary>
    public ImmutableArray<double> ClassWeights { get; init; } = [];
}
