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
/// step: fma(x, d); bias + d; U's part for a GRU's n: fma(h₋₁, dm) and c + dm, or fma(p, dn); the looked-up
/// row of an embedding or of W + d. Lanes along the tree (B4).</item>
/// <item>Losses: see <see cref="ScalarLoss"/>; weight · loss is added per lane in double, time
/// ascending, rows ascending within a step (B5); the weight is that of the target or, with class weights,
/// (float)class weight times it, in float.</item>
/// <item>Dropout: see <see cref="ScalarDropout"/>.</item>
/// <item>Head at the last step: layers above the last recurrent one have one step, which takes what the row gave
/// at its last valid step; the gradient goes back there, and +0 to the row's other steps.</item>
/// <item>Padding, steps at and after a row's length: what enters is 0, the states of recurrent layers are set to +0
/// after each such step, so that nothing can grow there, and nothing is carried out; targets weigh 0. Backward
/// nothing follows a row's last valid step. So every gradient of padding is ±0, and as it comes before all
/// others (B3) it moves no bit of a sum that starts from +0.</item>
/// </list>
/// </remarks>
public sealed class ScalarNetwork : NetworkEngine
{
    private readonly ScalarLayer?[] _layers; // the output layer last; null where there is dropout
    private readonly ScalarDropout?[] _dropouts;
    private float[] _outputs = [];

    public ScalarNetwork(NetworkSpec spec, int maxTime, int maxRows)
        : base(spec, maxTime, maxRows)
    {
        _layers = new ScalarLayer?[spec.Layers.Length + 1];
        _dropouts = new ScalarDropout?[_layers.Length];
        var state = 0;
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = i < spec.Layers.Length ? spec.Layers[i] : null;
            if (layer is LayerSpec.Dropout dropout)
            {
                _dropouts[i] = new ScalarDropout(dropout.Keep, i, isAtLastStep: i >= FirstHeadLayer);
                continue;
            }

            var made = new ScalarLayer(Layout, i, layer, state);
            _layers[i] = made;
            state += made.StateSize;
        }
    }

    public override ReadOnlySpan<float> Outputs => _outputs;

    public override void Evaluate(
        NetworkWeights weights,
        SequenceBatch batch,
        Span<float> state,
        ReadOnlySpan<LaneRows> lanes,
        Span<LossSums> sums)
    {
        Require(weights, batch, state, lanes, sums);
        Forward(weights.Values, batch, state, isTraining: false);
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
        RequireIdentity(batch);
        RequireBlocks(blocks, gradients);
        Forward(weights.Values, batch, state, isTraining: true);
        var delta = new float[_outputs.Length];
        Loss(batch, lanes, sums, delta);
        for (var i = _layers.Length - 1; i >= 0; i--)
        {
            delta = _layers[i]?.Backward(weights.Values, delta, wantsInput: i > 0) ?? _dropouts[i]!.Apply(delta, batch);
            if (i > 0 && i == FirstHeadLayer)
            {
                delta = FromLastStep(delta, batch);
            }
        }

        for (var i = 0; i < blocks.Length; i++)
        {
            Fold(lanes, blocks[i]).CopyTo(gradients[i]);
        }
    }

    private void Forward(ReadOnlySpan<float> weights, SequenceBatch batch, Span<float> state, bool isTraining)
    {
        var lengths = batch.Lengths.ToArray();
        var values = batch.Features.ToArray();
        var symbols = batch.Symbols.ToArray();
        for (var item = 0; item < batch.Time * batch.Rows; item++)
        {
            if (item / batch.Rows >= lengths[item % batch.Rows])
            {
                values.AsSpan(item * values.Length / (batch.Time * batch.Rows), values.Length / (batch.Time * batch.Rows)).Clear();
            }
        }

        for (var i = 0; i < _layers.Length; i++)
        {
            if (i == FirstHeadLayer)
            {
                (values, symbols) = (AtLastStep(values, batch), AtLastStep(symbols, batch));
            }

            if (_layers[i] is { } layer)
            {
                values = layer.Forward(
                    weights, i >= FirstHeadLayer ? 1 : batch.Time, lengths, values, symbols, state, Layout.StateSize);
                symbols = [];
            }
            else if (isTraining)
            {
                values = _dropouts[i]!.Apply(values, batch);
            }
        }

        _outputs = values;
    }

    /// <summary>[rows × width] of [time × rows × width]: of each row its last valid step.</summary>
    private static T[] AtLastStep<T>(T[] values, SequenceBatch batch)
    {
        var width = batch.Rows == 0 ? 0 : values.Length / (batch.Time * batch.Rows);
        var last = new T[batch.Rows * width];
        for (var row = 0; row < batch.Rows; row++)
        {
            var item = ((batch.Lengths[row] - 1) * batch.Rows) + row;
            values.AsSpan(item * width, width).CopyTo(last.AsSpan(row * width));
        }

        return last;
    }

    /// <summary>[time × rows × width], +0 but for each row's last valid step, from [rows × width].</summary>
    private static float[] FromLastStep(float[] last, SequenceBatch batch)
    {
        var width = batch.Rows == 0 ? 0 : last.Length / batch.Rows;
        var values = new float[batch.Time * last.Length];
        for (var row = 0; row < batch.Rows; row++)
        {
            var item = ((batch.Lengths[row] - 1) * batch.Rows) + row;
            last.AsSpan(row * width, width).CopyTo(values.AsSpan(item * width));
        }

        return values;
    }

    private void Loss(SequenceBatch batch, ReadOnlySpan<LaneRows> lanes, Span<LossSums> sums, Span<float> delta)
    {
        var outputs = Spec.Outputs;
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            double loss = 0, weightSum = 0, correct = 0, targets = 0;
            var wrong = new bool[batch.Rows];
            var seen = new bool[batch.Rows];
            for (var t = 0; t < batch.TargetTime; t++)
            {
                for (var row = lanes[lane].FirstRow; row < lanes[lane].EndRow; row++)
                {
                    var target = (t * batch.Rows) + row;
                    var targetWeight = batch.TargetWeights[target];
                    if (targetWeight == 0)
                    {
                        continue;
                    }

                    var weight = Spec.ClassWeights.IsEmpty
                        ? targetWeight
                        : targetWeight * (float)Spec.ClassWeights[batch.Classes[target]];
                    var y = _outputs.AsSpan(target * outputs, outputs);
                    var own = delta.IsEmpty ? [] : delta.Slice(target * outputs, outputs);
                    var result = Spec.Loss switch
                    {
                        LossKind.SoftmaxCrossEntropy => ScalarLoss.Softmax(y, batch.Classes[target], weight, own),
                        LossKind.BinaryCrossEntropy => ScalarLoss.Binary(y, batch.Targets.Slice(target * outputs, outputs), weight, own),
                        _ => ScalarLoss.Squares(y, batch.Targets.Slice(target * outputs, outputs), weight, own),
                    };
                    loss += (double)weight * result.Loss;
                    weightSum += weight;
                    targets += targetWeight;
                    correct += result.Correct ? targetWeight : 0;
                    seen[row] = true;
                    wrong[row] |= !result.Correct;
                }
            }

            var exact = 0;
            for (var row = lanes[lane].FirstRow; row < lanes[lane].EndRow; row++)
            {
                exact += seen[row] && !wrong[row] ? 1 : 0;
            }

            sums[lane] = new LossSums(loss, weightSum, correct, lanes[lane].RowCount, exact) { Targets = targets };
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
                        layer?.AddGradient(lane.FirstRow, lane.EndRow, leaf);
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
