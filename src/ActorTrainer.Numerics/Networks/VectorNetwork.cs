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

    private readonly Layer<TVector>[] _layers; // the output layer last
    private readonly VectorLoss<TVector> _loss;
    private readonly GradientWorkspace _workspace;
    private readonly ScatterWorkspace _scatter;
    private readonly int[] _symbols; // pinned copy of the batch's
    private readonly AlignedBuffer _features; // padded copy of the batch's
    private readonly AlignedBuffer _state;
    private readonly nint _featureStride;
    private readonly float[] _outputs;
    private int _outputLength;
    private bool _outputsGathered;

    public VectorNetwork(NetworkSpec spec, int maxTime, int maxRows)
        : base(spec, maxTime, maxRows)
    {
        _layers = new Layer<TVector>[spec.Layers.Length + 1];
        var widest = 0;
        for (var i = 0; i < _layers.Length; i++)
        {
            var shape = new LayerShape(spec, Layout, i);
            _layers[i] = shape.Spec switch
            {
                LayerSpec.Embedding => new EmbeddingLayer<TVector>(shape, maxTime, maxRows),
                LayerSpec.Lstm => new LstmLayer<TVector>(shape, maxTime, maxRows),
                LayerSpec.Gru { Reset: GruReset.Before } => new GruBeforeLayer<TVector>(shape, maxTime, maxRows),
                LayerSpec.Gru => new GruAfterLayer<TVector>(shape, maxTime, maxRows),
                LayerSpec.Elman => new ElmanLayer<TVector>(shape, maxTime, maxRows),
                _ => new DenseLayer<TVector>(shape, maxTime, maxRows),
            };
            widest = Math.Max(widest, shape.Input is null ? 0 : shape.Depth);
        }

        var items = checked(maxTime * maxRows);
        var bySymbol = spec.Input == InputKind.Symbols;
        _loss = new VectorLoss<TVector>(spec, maxRows, Top.Stride);
        _workspace = new GradientWorkspace(maxTime, maxRows, widest, MaxLanes, TVector.Width);
        _scatter = new ScatterWorkspace(maxTime, maxRows, bySymbol ? spec.InputSize : 0, MaxLanes);
        _symbols = GC.AllocateArray<int>(bySymbol ? items : 0, pinned: true);
        _featureStride = LayerShape.Stride(spec.InputSize);
        _features = new AlignedBuffer(bySymbol ? 0 : checked(items * (int)_featureStride));
        _state = new AlignedBuffer(checked(maxRows * Layout.StateSize));
        _outputs = new float[checked(items * spec.Outputs)];
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
        Forward(weights.Forward(), batch, state);
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
        RequireBlocks(blocks, gradients);
        var packed = weights.Backward();
        Forward(packed, batch, state);
        _loss.Compute(Top.Outputs, Top.Delta, batch, lanes, sums);
        for (var i = _layers.Length - 1; i >= 0; i--)
        {
            _layers[i].Backward(packed[i], i > 0 ? _layers[i - 1] : null, batch.Time, batch.Rows);
            for (var block = 0; block < blocks.Length; block++)
            {
                fixed (float* gradient = gradients[block].Span)
                {
                    _layers[i].AddGradients(batch.Time, batch.Rows, lanes, blocks[block], gradient, _workspace, _scatter);
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

    private void Forward(LayerWeights[] weights, SequenceBatch batch, Span<float> state)
    {
        var input = Take(batch);
        state.CopyTo(_state.Span);
        var carried = _state.Pointer;
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            layer.LoadState(carried, Layout.StateSize, batch.Rows);
            layer.Forward(weights[i], input, batch.Time, batch.Rows);
            layer.StoreState(carried, Layout.StateSize, batch.Time, batch.Rows);
            carried += layer.StateSize;
            input = new LayerInput(null, layer.Outputs, layer.Stride);
        }

        _state.Span[..state.Length].CopyTo(state);
        (_outputLength, _outputsGathered) = (batch.Time * batch.Rows * Spec.Outputs, false);
    }

    private LayerInput Take(SequenceBatch batch)
    {
        if (Spec.Input == InputKind.Symbols)
        {
            batch.Symbols.CopyTo(_symbols);
            return new LayerInput((int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_symbols)), null, 0);
        }

        var features = batch.Features;
        for (var i = 0; i < batch.Time * batch.Rows; i++)
        {
            features.Slice(i * Spec.InputSize, Spec.InputSize)
                .CopyTo(new Span<float>(_features.Pointer + (i * _featureStride), Spec.InputSize));
        }

        return new LayerInput(null, _features.Pointer, _featureStride);
    }
}
