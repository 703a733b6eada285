namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// What a lane, or a node of the lane tree, sums besides gradients, in double (B5): each is added
/// left to right over time ascending, rows ascending within a step, and lanes along the tree (B4).
/// </summary>
/// <param name="Loss">Sum of weighted losses: nats, or squares of the targets' unit under mean squared error.</param>
/// <param name="Weight">Sum of target weight × class weight, the N of B5: 1 for an unmasked target where no class weighs more.</param>
/// <param name="Correct">
/// Sum of the target weights of targets that were predicted right, a share of <see cref="Targets"/>; 0 under
/// mean squared error.
/// </param>
/// <param name="Sequences">Rows that hold data.</param>
/// <param name="ExactSequences">Rows whose every unmasked target was predicted right.</param>
public readonly record struct LossSums(double Loss, double Weight, double Correct, double Sequences, double ExactSequences)
{
    /// <summary>Sum of target weights, before class weights.</summary>
    public double Targets { get; init; }

    public static LossSums operator +(LossSums a, LossSums b) => new(
        a.Loss + b.Loss,
        a.Weight + b.Weight,
        a.Correct + b.Correct,
        a.Sequences + b.Sequences,
        a.ExactSequences + b.ExactSequences)
    {
        Targets = a.Targets + b.Targets,
    };
}
