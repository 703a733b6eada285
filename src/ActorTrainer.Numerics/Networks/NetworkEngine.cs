using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// Runs a network forward and backward over batches of sequences: the workspace of one compute thread,
/// all of it allocated at creation; a call allocates nothing.
/// </summary>
/// <remarks>
/// <para>
/// Every engine gives the bits that <see cref="ScalarNetwork"/> defines, at every width, and a row's
/// bits do not depend on the rows beside it. The orders (they fix every hash for ever) are written there.
/// </para>
/// <para>Not thread-safe; several engines may share one <see cref="NetworkWeights"/>.</para>
/// </remarks>
public abstract class NetworkEngine : IDisposable
{
    private protected NetworkEngine(NetworkSpec spec, int maxTime, int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTime, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        Layout = new ModelLayout(spec);
        (Spec, MaxTime, MaxRows) = (spec, maxTime, maxRows);
        FirstHeadLayer = spec.Layers.Length + 1;
        if (spec.Head == Head.LastStep)
        {
            FirstHeadLayer = spec.Layers.Length;
            while (FirstHeadLayer > 0 && spec.Layers[FirstHeadLayer - 1] is not (LayerSpec.Lstm or LayerSpec.Gru or LayerSpec.Elman))
            {
                FirstHeadLayer--;
            }
        }

        DrawsNumbers = spec.Layers.Any(layer => layer is LayerSpec.Dropout);
    }

    public NetworkSpec Spec { get; }

    public ModelLayout Layout { get; }

    public int MaxTime { get; }

    public int MaxRows { get; }

    /// <summary>
    /// Outputs before the loss, [TargetTime × rows × Outputs], of the last call; gone with the next. Those of
    /// padding mean nothing.
    /// </summary>
    public abstract ReadOnlySpan<float> Outputs { get; }

    /// <summary>
    /// First layer that is computed once per row, the output layer being the number of layers; one more than
    /// that: none is.
    /// </summary>
    private protected int FirstHeadLayer { get; }

    private protected bool DrawsNumbers { get; }

    /// <summary>An engine that computes with vectors of <paramref name="width"/> bits; the width cannot touch a bit.</summary>
    /// <exception cref="ArgumentException">The spec makes no sense.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A maximum is below 1.</exception>
    public static NetworkEngine Create(NetworkSpec spec, int maxTime, int maxRows, VectorWidth width)
    {
        return width switch
        {
            VectorWidth.Bits512 => new VectorNetwork<V512>(spec, maxTime, maxRows),
            VectorWidth.Bits256 => new VectorNetwork<V256>(spec, maxTime, maxRows),
            VectorWidth.Bits128 => new VectorNetwork<V128>(spec, maxTime, maxRows),
            _ => throw new ArgumentOutOfRangeException(nameof(width), width, "vectors have 128, 256 or 512 bits"),
        };
    }

    /// <summary>Forward and loss.</summary>
    /// <param name="state">
    /// [rows × StateSize] what the rows carry in, replaced by what they carry out (B10); zeros at the
    /// start of a sequence. A row shorter than the batch carries out zeros.
    /// </param>
    /// <param name="lanes">The lanes of the batch, ascending, which together cover its rows in order.</param>
    /// <param name="sums">[lanes] each lane's sums, overwritten.</param>
    /// <exception cref="ArgumentException">
    /// Shapes do not fit, a symbol or class or length is out of range, or a target in the padding weighs something.
    /// </exception>
    public abstract void Evaluate(
        NetworkWeights weights,
        SequenceBatch batch,
        Span<float> state,
        ReadOnlySpan<LaneRows> lanes,
        Span<LossSums> sums);

    /// <summary>
    /// Forward, loss and backward. Gradients do not flow back into the carried state (truncated
    /// back-propagation through time). Where there is dropout it drops; the batch has to be
    /// <see cref="SequenceBatch.Identify">identified</see>.
    /// </summary>
    /// <param name="blocks">Disjoint aligned blocks of lanes; lanes of a block that are not in the batch are +0.</param>
    /// <param name="gradients">
    /// For each block its [ParameterCount] sum of unnormalised gradients, lanes folded along the tree
    /// (B4), dense in the order of <see cref="ModelLayout"/>; wholly overwritten.
    /// </param>
    /// <inheritdoc cref="Evaluate"/>
    public abstract void Gradient(
        NetworkWeights weights,
        SequenceBatch batch,
        Span<float> state,
        ReadOnlySpan<LaneRows> lanes,
        Span<LossSums> sums,
        ReadOnlySpan<LaneBlock> blocks,
        ReadOnlySpan<Memory<float>> gradients);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    private protected void Require(
        NetworkWeights weights,
        SequenceBatch batch,
        Span<float> state,
        ReadOnlySpan<LaneRows> lanes,
        Span<LossSums> sums)
    {
        if (!ReferenceEquals(weights.Spec, Spec) && !weights.Layout.Matches(Layout))
        {
            throw new ArgumentException("the weights belong to another network than the engine", nameof(weights));
        }

        RequireBatch(batch);
        if (state.Length != batch.Rows * Layout.StateSize)
        {
            throw new ArgumentException(
                $"state has {state.Length} values; {batch.Rows} rows carry {Layout.StateSize} each", nameof(state));
        }

        if (sums.Length != lanes.Length)
        {
            throw new ArgumentException($"there are {sums.Length} sums for {lanes.Length} lanes", nameof(sums));
        }

        var row = 0;
        for (var i = 0; i < lanes.Length; i++)
        {
            var lane = lanes[i];
            if (lane.FirstRow != row || lane.RowCount < 0 || (i > 0 && lane.Lane <= lanes[i - 1].Lane))
            {
                throw new ArgumentException($"{lane} does not follow the lanes before it, which end at row {row}", nameof(lanes));
            }

            row = lane.EndRow;
        }

        if (row != batch.Rows)
        {
            throw new ArgumentException($"the lanes end at row {row}; the batch has {batch.Rows} rows", nameof(lanes));
        }
    }

    private protected void RequireIdentity(SequenceBatch batch)
    {
        if (DrawsNumbers && batch.Step < 0)
        {
            throw new ArgumentException(
                "the batch does not say which rows of which step it holds; a gradient with dropout needs it identified", nameof(batch));
        }
    }

    private protected void RequireBlocks(ReadOnlySpan<LaneBlock> blocks, ReadOnlySpan<Memory<float>> gradients)
    {
        if (blocks.Length != gradients.Length)
        {
            throw new ArgumentException($"there are {gradients.Length} gradients for {blocks.Length} blocks", nameof(gradients));
        }

        for (var i = 0; i < blocks.Length; i++)
        {
            var block = blocks[i];
            if (block.Count < 1 || (block.Count & (block.Count - 1)) != 0 || block.First < 0 || block.First % block.Count != 0)
            {
                throw new ArgumentException($"{block} is no aligned block of lanes", nameof(blocks));
            }

            if (gradients[i].Length != Layout.ParameterCount)
            {
                throw new ArgumentException(
                    $"gradient {i} has {gradients[i].Length} values; the network has {Layout.ParameterCount} parameters", nameof(gradients));
            }
        }
    }

    private void RequireBatch(SequenceBatch batch)
    {
        var spec = batch.Spec;
        if (spec.Input != Spec.Input || spec.InputSize != Spec.InputSize || spec.Loss != Spec.Loss
            || spec.Outputs != Spec.Outputs || spec.Head != Spec.Head)
        {
            throw new ArgumentException("the batch was made for another network than the engine", nameof(batch));
        }

        if (batch.Time > MaxTime || batch.Rows > MaxRows)
        {
            throw new ArgumentException(
                $"the batch has {batch.Time} steps of {batch.Rows} rows; the engine holds {MaxTime} of {MaxRows}", nameof(batch));
        }

        RequireLengths(batch);
        foreach (var symbol in batch.Symbols)
        {
            if ((uint)symbol >= (uint)Spec.InputSize)
            {
                throw new ArgumentException($"symbol {symbol} is not below the input size {Spec.InputSize}", nameof(batch));
            }
        }

        var classes = batch.Classes;
        for (var i = 0; i < classes.Length; i++)
        {
            if ((uint)classes[i] >= (uint)Spec.Outputs && batch.TargetWeights[i] != 0)
            {
                throw new ArgumentException($"class {classes[i]} is not below the outputs {Spec.Outputs}", nameof(batch));
            }
        }
    }

    private static void RequireLengths(SequenceBatch batch)
    {
        for (var row = 0; row < batch.Rows; row++)
        {
            var length = batch.Lengths[row];
            if (length < 1 || length > batch.Time)
            {
                throw new ArgumentException($"row {row} has {length} valid steps; it must have 1 to {batch.Time}", nameof(batch));
            }

            for (var t = length; t < batch.TargetTime; t++)
            {
                if (batch.TargetWeights[(t * batch.Rows) + row] != 0)
                {
                    throw new ArgumentException(
                        $"the target of row {row} at step {t} weighs {batch.TargetWeights[(t * batch.Rows) + row]}; "
                        + $"the row ends after {length} steps, so it must weigh 0",
                        nameof(batch));
                }
            }
        }
    }
}
