using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Randomness;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Networks;

/// <summary>A network with random weights, a batch for it and what an engine makes of it.</summary>
internal sealed class Sample
{
    private const uint MaskSeed = 20261124;
    private const long MaskStep = (1L << 33) + 7;

    private readonly float[] _state;
    private readonly int[] _globalRows;

    /// <param name="padded">Rows end at steps of their own, and what stands behind their ends is nonsense.</param>
    public Sample(NetworkSpec spec, int time, int rows, int seed = 1, float scale = 0.8f, bool padded = false)
    {
        var random = new Random(seed);
        (Spec, Layout) = (spec, new ModelLayout(spec));
        Weights = new NetworkWeights(spec);
        Fill(Weights.Values, random, scale);
        Weights.Changed();
        Batch = new SequenceBatch(spec, time, rows);
        Fill(Batch.Features, random, 2f);
        foreach (ref var symbol in Batch.Symbols)
        {
            symbol = random.Next(spec.InputSize);
        }

        foreach (ref var target in Batch.Classes)
        {
            target = random.Next(spec.Outputs);
        }

        foreach (ref var label in Batch.Targets)
        {
            label = spec.Loss == LossKind.MeanSquaredError ? (random.NextSingle() * 4) - 2 : random.Next(2);
        }

        foreach (ref var weight in Batch.TargetWeights)
        {
            weight = random.Next(4) == 0 ? 0f : random.Next(4) == 0 ? 0.37f : 1f;
        }

        _globalRows = [.. Enumerable.Range(0, rows).Select(row => (3 * row) + seed)];
        Batch.Identify(MaskSeed, MaskStep, _globalRows);
        if (padded)
        {
            Pad(random);
        }

        _state = new float[rows * Layout.StateSize];
        Fill(_state, random, 0.9f);
    }

    /// <summary>[rows × StateSize] what the rows carry in.</summary>
    public float[] State => _state;

    public NetworkSpec Spec { get; }

    public ModelLayout Layout { get; }

    public NetworkWeights Weights { get; }

    public SequenceBatch Batch { get; }

    public static Initializer Any => new Initializer.Xavier();

    public static NetworkSpec Lstm(int units, int inputs = 3, int outputs = 5, InputKind input = InputKind.Features) => new(
        input, inputs, [new LayerSpec.Lstm(units, 1.0, Any)], LossKind.SoftmaxCrossEntropy, outputs, Any);

    public static NetworkSpec Elman(int units, int inputs = 3, int outputs = 5, InputKind input = InputKind.Features) => new(
        input, inputs, [new LayerSpec.Elman(units, Any)], LossKind.SoftmaxCrossEntropy, outputs, Any);

    public static NetworkSpec Gru(
        int units, GruReset reset, int inputs = 3, int outputs = 5, InputKind input = InputKind.Features) => new(
        input, inputs, [new LayerSpec.Gru(units, reset, Any)], LossKind.SoftmaxCrossEntropy, outputs, Any);

    /// <summary>Every kind of layer, input and loss, alone and stacked.</summary>
    public static IEnumerable<NetworkSpec> Specs(int units)
    {
        yield return Lstm(units);
        yield return Elman(units);
        yield return Lstm(units, inputs: 7, input: InputKind.Symbols);
        yield return Elman(units, inputs: 7, input: InputKind.Symbols) with { Loss = LossKind.BinaryCrossEntropy, Outputs = 1 };
        yield return Lstm(units) with { Layers = [], Input = InputKind.Symbols };
        yield return Lstm(units) with { Layers = [], Outputs = 17 };
        foreach (var activation in Enum.GetValues<Activation>())
        {
            yield return Lstm(units) with { Layers = [new LayerSpec.Dense(units, activation, Any, 0.1)], Loss = LossKind.BinaryCrossEntropy };
        }

        yield return Lstm(units) with { Layers = [new LayerSpec.Embedding(units, Any)], Input = InputKind.Symbols };
        yield return Lstm(units) with
        {
            Input = InputKind.Symbols,
            InputSize = 11,
            Outputs = 33,
            Layers =
            [
                new LayerSpec.Embedding(6, Any),
                new LayerSpec.Lstm(units, 1, Any),
                new LayerSpec.Dense(9, Activation.Relu, Any, 0.1),
                new LayerSpec.Elman(units, Any),
                new LayerSpec.Lstm(5, 0, Any),
            ],
        };
        yield return Lstm(units) with
        {
            Layers = [new LayerSpec.Dense(units, Activation.Tanh, Any, 0), new LayerSpec.Lstm(18, 1, Any), new LayerSpec.Lstm(units, 1, Any)],
            Loss = LossKind.BinaryCrossEntropy,
        };
        yield return Elman(units) with { Layers = [Relu(units), Relu(7)] };
        foreach (var reset in Enum.GetValues<GruReset>())
        {
            yield return Gru(units, reset);
            yield return Gru(units, reset, inputs: 7, input: InputKind.Symbols);
            yield return Gru(units, reset) with
            {
                Input = InputKind.Symbols,
                InputSize = 9,
                Layers =
                [
                    new LayerSpec.Embedding(6, Any),
                    new LayerSpec.Gru(units, reset, Any),
                    new LayerSpec.Lstm(7, 1, Any),
                    new LayerSpec.Gru(18, reset, Any),
                    new LayerSpec.Gru(units, 1 - reset, Any),
                ],
                Loss = LossKind.BinaryCrossEntropy,
                Outputs = 2,
            };
        }

        static LayerSpec Relu(int units) => new LayerSpec.Elman(units, Any) { Activation = Activation.Relu };
    }

    /// <summary>Every kind of head, dropout and loss, over stacks of the kinds of layers.</summary>
    public static IEnumerable<NetworkSpec> Heads(int units)
    {
        LayerSpec dropout = new LayerSpec.Dropout(0.7);
        LayerSpec[] top = [dropout, new LayerSpec.Dense(7, Activation.Tanh, Any, 0.1), new LayerSpec.Dropout(0.4)];
        LayerSpec[] stack = [new LayerSpec.Lstm(units, 1, Any), dropout, new LayerSpec.Elman(units, Any) { Activation = Activation.Relu }];
        foreach (var head in Enum.GetValues<Head>())
        {
            var softmax = Lstm(units) with { Head = head, ClassWeights = [0.5, 2, 1, 0, 0.3] };
            var squares = Lstm(units) with { Head = head, Loss = LossKind.MeanSquaredError, Outputs = 3 };
            yield return softmax;
            yield return softmax with { Layers = [dropout, .. stack, .. top] };
            yield return squares with { Layers = [new LayerSpec.Embedding(units, Any), dropout, new LayerSpec.Elman(units, Any) { Activation = Activation.Relu }], Input = InputKind.Symbols };
            yield return squares with { Layers = [dropout, new LayerSpec.Gru(units, GruReset.Before, Any), .. top], Outputs = 18 };
            yield return softmax with { Layers = [new LayerSpec.Gru(units, GruReset.After, Any), dropout], InputSize = 7, Input = InputKind.Symbols };
            yield return squares with { Layers = [dropout], Outputs = 1 };
            yield return softmax with { Layers = [new LayerSpec.Dense(units, Activation.Relu, Any, 0.1), .. top] };
            yield return softmax with { Layers = [new LayerSpec.Embedding(units, Any), .. top], Input = InputKind.Symbols };
            yield return softmax with { Layers = [], Input = InputKind.Symbols };
            yield return softmax with { Layers = [.. stack], ClassWeights = [], Loss = LossKind.BinaryCrossEntropy };
        }
    }

    public static void Fill(Span<float> values, Random random, float scale)
    {
        foreach (ref var value in values)
        {
            value = ((2 * random.NextSingle()) - 1) * scale;
        }
    }

    /// <summary>Lanes of the given numbers of rows, from lane 0.</summary>
    public static LaneRows[] Lanes(params int[] rowCounts)
    {
        var lanes = new LaneRows[rowCounts.Length];
        var row = 0;
        for (var i = 0; i < lanes.Length; i++)
        {
            lanes[i] = new LaneRows(i, row, rowCounts[i]);
            row += rowCounts[i];
        }

        return lanes;
    }

    /// <summary>Lanes as a recipe cuts them: row r belongs to lane ⌊r·L/B⌋.</summary>
    public static LaneRows[] EvenLanes(int lanes, int rows) =>
        Lanes([.. Enumerable.Range(0, lanes).Select(lane => Enumerable.Range(0, rows).Count(row => row * lanes / rows == lane))]);

    public NetworkEngine Engine(VectorWidth? width) => width is null
        ? new ScalarNetwork(Spec, Batch.Time, Math.Max(1, Batch.Rows))
        : NetworkEngine.Create(Spec, Batch.Time, Math.Max(1, Batch.Rows), width.Value);

    /// <summary>The random number in [0, 1) that decides on a unit under dropout (B9).</summary>
    public float Draw(int layer, int row, int position, int unit) =>
        new RandomStream(MaskSeed, RandomPurpose.Dropout, layer).Unit(MaskStep, _globalRows[row], position, unit);

    /// <param name="width">Null: the scalar definition.</param>
    public Result Run(VectorWidth? width, LaneRows[] lanes, params LaneBlock[] blocks)
    {
        using var engine = Engine(width);
        return Run(engine, lanes, blocks);
    }

    public Result Run(NetworkEngine engine, LaneRows[] lanes, params LaneBlock[] blocks)
    {
        var state = _state.AsSpan(0, Batch.Rows * Layout.StateSize).ToArray();
        var sums = new LossSums[lanes.Length];
        var gradients = blocks.Select(_ => Enumerable.Repeat(float.NaN, Layout.ParameterCount).ToArray()).ToArray();
        if (blocks.Length == 0)
        {
            engine.Evaluate(Weights, Batch, state, lanes, sums);
        }
        else
        {
            engine.Gradient(Weights, Batch, state, lanes, sums, blocks, gradients.Select(gradient => gradient.AsMemory()).ToArray());
        }

        return new Result(engine.Outputs.ToArray(), state, sums, gradients);
    }

    /// <summary>The same network and state, for some of the rows and time steps of the batch.</summary>
    public Sample Part(int firstTime, int time, int firstRow, int rows, float[]? state = null) => new(this, firstTime, time, firstRow, rows, state);

    private void Pad(Random random)
    {
        for (var row = 0; row < Batch.Rows; row++)
        {
            Batch.Lengths[row] = 1 + random.Next(Batch.Time);
            for (var t = Batch.Lengths[row]; t < Batch.Time; t++)
            {
                var item = (t * Batch.Rows) + row;
                if (Spec.Input == InputKind.Features)
                {
                    Batch.Features.Slice(item * Spec.InputSize, Spec.InputSize).Fill(float.NaN);
                }

                if (Spec.Head == Head.LastStep)
                {
                    continue;
                }

                Batch.TargetWeights[item] = 0f;
                if (Spec.Loss == LossKind.SoftmaxCrossEntropy)
                {
                    Batch.Classes[item] = -7;
                }
                else
                {
                    Batch.Targets.Slice(item * Spec.Outputs, Spec.Outputs).Fill(float.NaN);
                }
            }
        }
    }

    private Sample(Sample whole, int firstTime, int time, int firstRow, int rows, float[]? state)
    {
        (Spec, Layout, Weights) = (whole.Spec, whole.Layout, whole.Weights);
        Batch = new SequenceBatch(Spec, time, Math.Max(1, rows));
        Batch.Resize(time, rows);
        _globalRows = whole._globalRows[firstRow..(firstRow + rows)];
        Batch.Identify(MaskSeed, MaskStep, _globalRows);
        for (var row = 0; row < rows; row++)
        {
            Batch.Lengths[row] = Math.Clamp(whole.Batch.Lengths[firstRow + row] - firstTime, 1, time);
        }

        _state = (state ?? whole._state).AsSpan(firstRow * Layout.StateSize, rows * Layout.StateSize).ToArray();
        var all = whole.Batch;
        for (var t = 0; t < time; t++)
        {
            var from = ((firstTime + t) * all.Rows) + firstRow;
            Copy(all.Symbols, Batch.Symbols, 1);
            Copy(all.Features, Batch.Features, Spec.InputSize);
            if (t < Batch.TargetTime)
            {
                from = Spec.Head == Head.LastStep ? firstRow : from;
                Copy(all.Classes, Batch.Classes, 1);
                Copy(all.Targets, Batch.Targets, Spec.Outputs);
                Copy(all.TargetWeights, Batch.TargetWeights, 1);
            }

            void Copy<T>(Span<T> source, Span<T> target, int width)
            {
                if (!source.IsEmpty)
                {
                    source.Slice(from * width, rows * width).CopyTo(target[(t * rows * width)..]);
                }
            }
        }
    }

    internal sealed record Result(float[] Outputs, float[] State, LossSums[] Sums, float[][] Gradients)
    {
        /// <summary>Equal bits, and −0 is not +0.</summary>
        public static void AssertEqual(Result expected, Result actual, string what)
        {
            AssertBits(expected.Outputs, actual.Outputs, $"outputs of {what}");
            AssertBits(expected.State, actual.State, $"state of {what}");
            Assert.Equal(expected.Sums, actual.Sums);
            for (var i = 0; i < expected.Gradients.Length; i++)
            {
                AssertBits(expected.Gradients[i], actual.Gradients[i], $"gradient {i} of {what}");
            }
        }

        public static void AssertBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
        {
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++)
            {
                if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                {
                    Assert.Fail($"{what}: element {i} of {expected.Length} is {actual[i]:R}; the definition gives {expected[i]:R}");
                }
            }
        }
    }
}
