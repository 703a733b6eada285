using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>The engine over vectors of one width; its bits are those of <see cref="ScalarNetwork"/>.</summary>
internal sealed unsafe class VectorNetwork<TVector> : NetworkEngine
    where TVector : unmanaged, IVector<TVector>
{
    private const int MaxLanes = 1 << 20; // of a block; a node of the tree costs a tile for each doubling

    private readonly Layer<TVector>[] _layers; // the output layer last; the step from all steps to the last may stand between
    private readonly int[] _specIndex; // of each layer its number in the spec; -1: it has none
    private readonly VectorLoss<TVector> _loss;
    private readonly GradientWorkspace _workspace;
    private readonly ScatterWorkspace _scatter;
    private readonly int[] _symbols; // pinned copy of the batch's
    private readonly int[] _lengths; // pinned copy of the batch's
    private readonly AlignedBuffer _features; // padded copy of the batch's
    private readonly AlignedBuffer _state;
    private readonly nint _featureStride;
    private readonly float[] _outputs;
    private int _outputLength;
    private bool _outputsGathered;

    public VectorNetwork(NetworkSpec spec, int maxTime, int maxRows)
        : base(spec, maxTime, maxRows)
    {
        var layers = new List<Layer<TVector>>();
        var numbers = new List<int>();
        var widest = 0;
        for (var i = 0; i <= spec.Layers.Length; i++)
        {
            if (i > 0 && i == FirstHeadLayer)
            {
                layers.Add(new LastStepLayer<TVector>(LayerShape.Through(layers[^1].Shape.Units), maxRows));
                numbers.Add(-1);
            }

            var shape = new LayerShape(spec, Layout, i);
            layers.Add(Create(shape, i, maxTime, maxRows));
            numbers.Add(i);
            widest = Math.Max(widest, shape.Input is null ? 0 : shape.Depth);
        }

        (_layers, _specIndex) = ([.. layers], [.. numbers]);
        var items = checked(maxTime * maxRows);
        var bySymbol = spec.Input == InputKind.Symbols;
        _loss = new VectorLoss<TVector>(spec, maxRows, Top.Stride);
        _workspace = new GradientWorkspace(maxTime, maxRows, widest, MaxLanes, TVector.Width);
        _scatter = new ScatterWorkspace(maxTime, maxRows, bySymbol ? spec.InputSize : 0, MaxLanes);
        _symbols = GC.AllocateArray<int>(bySymbol ? items : 0, pinned: true);
        _featureStride = LayerShape.Stride(spec.InputSize);
        _features = new AlignedBuffer(bySymbol ? 0 : checked(items * (int)_featureStride));
        _state = new AlignedBuffer(checked(maxRows * Layout.StateSize));
        _lengths = GC.AllocateArray<int>(maxRows, pinned: true);
        _outputs = new float[checked((spec.Head == Head.LastStep ? maxRows : items) * spec.Outputs)];
        foreach (var layer in _layers)
        {
            layer.Lengths = Pinned(_lengths);
        }
    }

    public override ReadOnlySpan<float> Outputs
    {
        get
        {
            var outputs = _outputs.AsSpan(0, _outputLength);
            if (!_outputsGathered)
            {
                for (var i = 0; i * Spec.Outputs < _outputLength; i++)
                {
                    new ReadOnlySpan<float>(Top.Outputs + (i * Top.Stride), Spec.Outputs).CopyTo(outputs[(i * Spec.Outputs)..]);
                }

                _outputsGathered = true;
            }

            return outputs;
        }
    }

    private Layer<TVector> Top => _layers[^1];

    public override void Evaluate(
        NetworkWeights weights,
        SequenceBatch batch,
        Span<float> state,
        ReadOnlySpan<LaneRows> lanes,
        Span<LossSums> sums)
    {
        Require(weights, batch, state, lanes, sums);
        Forward(weights.Forward(), batch, state, isTraining: false);
        _loss.Compute(Top.Outputs, Top.Delta, batch, lanes, sums);
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
        var packed = weights.Backward();
        Forward(packed, batch, state, isTraining: true);
        _loss.Compute(Top.Outputs, Top.Delta, batch, lanes, sums);
        for (var i = _layers.Length - 1; i >= 0; i--)
        {
            var layer = _layers[i];
            var below = i > 0 && layer.Shape.PassesDown ? _layers[i - 1] : null;
            if (_specIndex[i] < 0)
            {
                layer.Backward(null!, below, batch.Time, batch.Rows);
                continue;
            }

            var time = TimeOf(i, batch);
            layer.Backward(packed[_specIndex[i]], below, time, batch.Rows);
            for (var block = 0; block < blocks.Length && layer is not DropoutLayer<TVector>; block++)
            {
                fixed (float* gradient = gradients[block].Span)
                {
                    layer.AddGradients(time, batch.Rows, lanes, blocks[block], gradient, _workspace, _scatter);
                }
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var layer in _layers)
            {
                layer.Dispose();
            }

            _loss.Dispose();
            _workspace.Dispose();
            _scatter.Dispose();
            _features.Dispose();
            _state.Dispose();
        }

        base.Dispose(disposing);
    }

    private static int* Pinned(int[] array) => (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));

    private Layer<TVector> Create(LayerShape shape, int index, int maxTime, int maxRows)
    {
        var time = index >= FirstHeadLayer ? 1 : maxTime;
        return shape.Spec switch
        {
            LayerSpec.Embedding => new EmbeddingLayer<TVector>(shape, time, maxRows),
            LayerSpec.Lstm => new LstmLayer<TVector>(shape, time, maxRows),
            LayerSpec.Gru { Reset: GruReset.Before } => new GruBeforeLayer<TVector>(shape, time, maxRows),
            LayerSpec.Gru => new GruAfterLayer<TVector>(shape, time, maxRows),
            LayerSpec.Elman => new ElmanLayer<TVector>(shape, time, maxRows),
            LayerSpec.Dropout => new DropoutLayer<TVector>(shape, index, index >= FirstHeadLayer, time, maxRows),
            _ => new DenseLayer<TVector>(shape, time, maxRows),
        };
    }

    private int TimeOf(int layer, SequenceBatch batch) => _specIndex[layer] >= FirstHeadLayer ? 1 : batch.Time;

    private void Forward(LayerWeights[] weights, SequenceBatch batch, Span<float> state, bool isTraining)
    {
        var isPadded = batch.Lengths.ContainsAnyExcept(batch.Time);
        batch.Lengths.CopyTo(_lengths);
        var input = Take(batch);
        state.CopyTo(_state.Span);
        var carried = _state.Pointer;
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            if (layer is DropoutLayer<TVector> dropout)
            {
                if (!isTraining)
                {
                    continue;
                }

                dropout.Draw(batch);
            }

            var time = TimeOf(i, batch);
            layer.IsPadded = isPadded;
            layer.LoadState(carried, Layout.StateSize, batch.Rows);
            layer.Forward(_specIndex[i] < 0 ? null! : weights[_specIndex[i]], input, time, batch.Rows);
            layer.StoreState(carried, Layout.StateSize, time, batch.Rows);
            carried += layer.StateSize;
            input = new LayerInput(null, layer.Outputs, layer.Stride);
        }

        _state.Span[..state.Length].CopyTo(state);
        (_outputLength, _outputsGathered) = (batch.TargetTime * batch.Rows * Spec.Outputs, false);
    }

    /// <summary>What enters the first layer: all steps or, where all is head, each row's last; nothing from padding.</summary>
    private LayerInput Take(SequenceBatch batch)
    {
        var time = FirstHeadLayer == 0 ? 1 : batch.Time;
        if (Spec.Input == InputKind.Symbols && time == batch.Time)
        {
            batch.Symbols.CopyTo(_symbols);
            return new LayerInput(Pinned(_symbols), null, 0);
        }

        for (var item = 0; item < time * batch.Rows; item++)
        {
            var row = item % batch.Rows;
            var t = FirstHeadLayer == 0 ? _lengths[row] - 1 : item / batch.Rows;
            var source = (t * batch.Rows) + row;
            if (Spec.Input == InputKind.Symbols)
            {
                _symbols[item] = batch.Symbols[source];
                continue;
            }

            var features = new Span<float>(_features.Pointer + (item * _featureStride), Spec.InputSize);
            if (t < _lengths[row])
            {
                batch.Features.Slice(source * Spec.InputSize, Spec.InputSize).CopyTo(features);
            }
            else
            {
                features.Clear();
            }
        }

        return Spec.Input == InputKind.Symbols
            ? new LayerInput(Pinned(_symbols), null, 0)
            : new LayerInput(null, _features.Pointer, _featureStride);
    }
}
