namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>
/// A network, as one line of JSON tells it to the peer's process. After the line come, as little-endian bytes,
/// the weights (float32, in the order of a model file: layer by layer W [inputs × gates·units], U, b and a GRU's c,
/// the output layer last), the inputs (float32 [time × rows × inputs]) and the targets: int32 [targets × rows] classes
/// where there is more than one output, else float32 [targets × rows × outputs].
/// </summary>
/// <param name="Kind">elman, lstm, gru (reset after the product) or dense (tanh, then dropout).</param>
/// <param name="Layers">Layers of this kind, each of <paramref name="Units"/>.</param>
/// <param name="AtLastStep">Outputs and targets stand at the last time step alone, else at every one.</param>
/// <param name="Keep">Share of a dense layer's units that dropout keeps; 1: no dropout.</param>
internal sealed record PeerModel(
    string Kind, int Layers, int Inputs, int Units, int Outputs, int Time, int Rows, bool AtLastStep, double Keep)
{
    /// <summary>First what a peer answers to a model.</summary>
    public const string Ready = "ready";

    /// <summary>Asks for the loss without dropout; the answer is a number. Nothing moves.</summary>
    public const string Loss = "loss";

    /// <summary>Asks for one training step; the answer is its seconds.</summary>
    public const string Step = "step";

    /// <summary>Asks for the bytes by which the process grew at most, from its idle self on, over the steps asked for.</summary>
    public const string Memory = "memory";

    public const double LearningRate = 1e-3;

    public const double ClipNorm = 1;

    /// <summary>Softmax and one class for each target, else a sigmoid against 0 or 1.</summary>
    public bool HasClasses => Outputs > 1;

    public int Targets => (AtLastStep ? 1 : Time) * Rows;

    /// <summary>Floats of the weights.</summary>
    public int Parameters
    {
        get
        {
            var gates = Kind switch { "lstm" => 4, "gru" => 3, _ => 1 };
            var sum = Units * Outputs + Outputs;
            for (var layer = 0; layer < Layers; layer++)
            {
                var inputs = layer == 0 ? Inputs : Units;
                sum += (inputs + (Kind == "dense" ? 0 : Units) + 1) * gates * Units + (Kind == "gru" ? Units : 0);
            }

            return sum;
        }
    }
}
