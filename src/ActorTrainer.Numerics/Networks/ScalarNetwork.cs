using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// The definition of a network's bits, one row at a time: plain loops that a reader can check against
/// the formulas. Slow, and it allocates; every other engine is held to it bit for bit.
/// </summary>
/// <remarks>
/// <para>These orders fix every hash for ever.</para>
/// <list type="bullet">
/// <item>Forward (B1, B2): z = b, then fma over the input's features ascending, then over the hidden
/// units ascending. A symbol adds its row of W. LSTM: i, f, o = sigmoid, g = tanh;
/// c = fma(f, c₋₁, i·g); h = o·tanh c.</item>
/// <item>GRU forward: r, z = sigmoid of such chains. n's chain goes over b and the input alike; reset before:
/// it goes on over the hidden units with p = r·h₋₁ in their place, n = tanh of it. Reset after: m is a chain of
/// its own, from c over the hidden units, and n = tanh(fma(r, m, b + W·x)). Then h = fma(z, h₋₁ − n, n).</item>
/// <item>Backward through a product (B1): from +0, fma over the columns of W ascending, gates in the
/// order of the layout. A hidden state starts at what comes from above and continues over the columns
/// of U with the pre-activation gradients of t + 1; at the last step nothing follows.</item>
/// <item>LSTM backward, t = tanh c: dc = fma(dh·o, fma(−t, t, 1), dc₊₁·f₊₁), +0 after the last step;
/// di = (dc·g)·(i·(1 − i)), df = (dc·c₋₁)·(f·(1 − f)), dg = (dc·i)·fma(−g, g, 1), do = (dh·t)·(o·(1 − o)).</item>
/// <item>GRU backward: a hidden state goes on over the columns of U for r, then for z with their gradients of
/// t + 1 and, reset after, over those for n with dm; then dh is that sum + carry₊₁, +0 after the last step.
/// dn = (dh·(1 − z))·fma(−n, n, 1), dz = (dh·(h₋₁ − n))·(z·(1 − z)). Reset after: dr = (dn·m)·(r·(1 − r)),
/// dm = dn·r, carry = dh·z. Reset before: dp = from +0, fma over U's columns for n with dn;
/// dr = (dp·h₋₁)·(r·(1 − r)), carry = fma(dp, r, dh·z).</item>
/// <item>Activations backward, y the output: sigmoid d·(y·(1 − y)), tanh d·fma(−y, y, 1), relu d where
/// y &gt; 0, else +0.</item>
/// <item>Weight gradients (B3): per lane from +0, time descending, the lane's rows ascending within a
/// step: fma(x, d); bias + d; U's part for a GRU's n: fma(h₋₁, dm) and c + dm, or fma(p, dn); the looked-up row of an embedding or of W + d. Lanes along the tree (B4).</item>
/// <item>Losses: see <see cref="ScalarLoss"/>; weight · loss is added per lane in double, time
/// ascending, rows ascending within a step (B5).</item>
/// </list>
/// </remarks>
public sealed class ScalarNetwork : NetworkEngine
{
    private readonly ScalarLayer[] _layers;
    private float[] _logits = [];

    public ScalarNetwork(NetworkSpec spec, int maxTime, int maxRows)
        : base(spec, maxTime, maxRows)
    {
        _layers = new ScalarLayer[spec.Layers.Length + 1];
        var state = 0;
        for (var i = 0; i < _layers.Length; i++)
        {
            _layers[i] = new ScalarLayer(Layout, i, i < spec.Layers.Length ? spec.Layers[i] : null, state);
            state += _layers[i].StateSize;
        }
    }

    public override ReadOnlySpan<float> Outputs => _logits;

    public override void Evaluate(
        NetworkWeights weights,
        SequenceBatch batch,
        Span<float> state,
        ReadOnlySpan<LaneRows> lanes,
        Span<LossSums> sums)
    {
        Require(weights, batch, state, lanes, sums);
        Forward(weights.Values, batch, state);
        Loss(batch, lanes, sums, delta: []);
    }

    public override void Gradient(
        NetworkWeights weights,
        SequenceBatch batch,
        Span<float> state,
        ReadOnlySpan<LaneRows> lanes,
        Span<LossSums> sums,
        ReadOnlySpan<LaneBlock> blocks,
        ReadOnlySpan<Memory<float>> gradients)
    {
        Require(weights, batch, state, lanes, sums);
        RequireBlocks(blocks, gradients);
        Forward(weights.Values, batch, state);
        var delta = new float[_logits.Length];
        Loss(batch, lanes, sums, delta);
        for (var i = _layers.Length - 1; i >= 0; i--)
        {
            delta = _layers[i].Backward(weights.Values, delta, wantsInput: i > 0);
        }

        for (var i = 0; i < blocks.Length; i++)
        {
            Fold(lanes, blocks[i]).CopyTo(gradients[i]);
        }
    }

    private void Forward(ReadOnlySpan<float> weights, SequenceBatch batch, Span<float> state)
    {
        var input = batch.Features.ToArray();
        var symbols = batch.Symbols.ToArray();
        foreach (var layer in _layers)
        {
            input = layer.Forward(weights, batch.Time, batch.Rows, input, symbols, state, Layout.StateSize);
            symbols = [];
        }

        _logits = input;
    }

    private void Loss(SequenceBatch batch, ReadOnlySpan<LaneRows> lanes, Span<LossSums> sums, Span<float> delta)
    {
        var outputs = Spec.Outputs;
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            double loss = 0, weightSum = 0, correct = 0;
            var wrong = new bool[batch.Rows];
            var seen = new bool[batch.Rows];
            for (var t = 0; t < batch.Time; t++)
            {
                for (var row = lanes[lane].FirstRow; row < lanes[lane].EndRow; row++)
                {
                    var target = (t * batch.Rows) + row;
                    var weight = batch.TargetWeights[target];
                    if (weight == 0)
                    {
                        continue;
                    }

                    var logits = _logits.AsSpan(target * outputs, outputs);
                    var own = delta.IsEmpty ? [] : delta.Slice(target * outputs, outputs);
                    var result = Spec.Loss == LossKind.SoftmaxCrossEntropy
                        ? ScalarLoss.Softmax(logits, batch.Classes[target], weight, own)
                        : ScalarLoss.Binary(logits, batch.Targets.Slice(target * outputs, outputs), weight, own);
                    loss += (double)weight * result.Loss;
                    weightSum += weight;
                    correct += result.Correct ? weight : 0;
                    seen[row] = true;
                    wrong[row] |= !result.Correct;
                }
            }

            var exact = 0;
            for (var row = lanes[lane].FirstRow; row < lanes[lane].EndRow; row++)
            {
                exact += seen[row] && !wrong[row] ? 1 : 0;
            }

            sums[lane] = new LossSums(loss, weightSum, correct, lanes[lane].RowCount, exact) { Targets = weightSum };
        }
    }

    /// <summary>The sum of a block: its lane's gradient, or the sum of its halves (B4).</summary>
    private float[] Fold(ReadOnlySpan<LaneRows> lanes, LaneBlock block)
    {
        if (block.Count == 1)
        {
            var leaf = new float[Layout.ParameterCount];
            foreach (var lane in lanes)
            {
                if (lane.Lane == block.First)
                {
                    foreach (var layer in _layers)
                    {
                        layer.AddGradient(lane.FirstRow, lane.EndRow, leaf);
                    }
                }
            }

            return leaf;
        }

        var half = block.Count / 2;
        var sum = Fold(lanes, new LaneBlock(block.First, half));
        var right = Fold(lanes, new LaneBlock(block.First + half, half));
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += right[i];
        }

        return sum;
    }
}
