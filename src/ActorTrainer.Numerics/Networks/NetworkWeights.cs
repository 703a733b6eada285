using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// One version of a network's weights, read by every engine of a node. The packed and interleaved
/// copies that the products read are made once per version, at the first use, in pieces: engines that come
/// at the same time share the work.
/// </summary>
/// <remarks>
/// Writing to <see cref="Values"/> and calling <see cref="Changed"/> is for the owner alone, while no
/// engine runs on the object; engines may run on it from any number of threads at once.
/// </remarks>
public sealed unsafe class NetworkWeights : IDisposable
{
    private readonly float[] _values;
    private readonly LayerWeights[] _layers;
    private readonly Piece[] _forward;
    private readonly Piece[] _all;

    /// <exception cref="ArgumentException">The spec makes no sense.</exception>
    public NetworkWeights(NetworkSpec spec)
    {
        Layout = new ModelLayout(spec);
        Spec = spec;
        _values = GC.AllocateArray<float>(Layout.ParameterCount, pinned: true);
        _layers = new LayerWeights[spec.Layers.Length + 1];
        for (var i = 0; i < _layers.Length; i++)
        {
            _layers[i] = new LayerWeights(new LayerShape(spec, Layout, i));
        }

        _forward = [.. _layers.Select(layer => new Piece(() => layer.PackForward(Pointer)))];
        _all =
        [
            .. _forward,
            .. _layers.Select(layer => new Piece(() => layer.PackRecurrentTransposed(Pointer))),
            .. _layers.Select(layer => new Piece(() => layer.PackInputTransposed(Pointer))),
        ];
    }

    public NetworkSpec Spec { get; }

    public ModelLayout Layout { get; }

    /// <summary>[ParameterCount] dense, in the order of <see cref="ModelLayout"/> (B13). Call <see cref="Changed"/> after writing.</summary>
    public Span<float> Values => _values;

    /// <summary>The same numbers as <see cref="Values"/>, for whoever has to keep them (file, socket).</summary>
    public ReadOnlyMemory<float> Memory => _values;

    /// <summary>Says that <see cref="Values"/> hold another version: working copies are made anew at the next use.</summary>
    public void Changed()
    {
        foreach (var piece in _all)
        {
            piece.IsPacked = false;
        }
    }

    public void Dispose()
    {
        foreach (var layer in _layers)
        {
            layer.Dispose();
        }
    }

    /// <summary>Working copies of every layer, the output layer last, ready for a forward pass.</summary>
    internal LayerWeights[] Forward() => Packed(_forward);

    /// <summary>The same, ready for a backward pass too.</summary>
    internal LayerWeights[] Backward() => Packed(_all);

    private LayerWeights[] Packed(Piece[] pieces)
    {
        foreach (var piece in pieces)
        {
            piece.PackUnlessTaken();
        }

        foreach (var piece in pieces)
        {
            piece.Require();
        }

        return _layers;
    }

    /// <summary>The array is pinned for its life.</summary>
    private float* Pointer => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_values));

    /// <summary>A working copy that one thread makes.</summary>
    private sealed class Piece(Action pack)
    {
        private readonly Lock _packing = new();
        private volatile bool _isPacked;

        public bool IsPacked
        {
            set => _isPacked = value;
        }

        /// <summary>Makes the copy, unless it is there or another thread is at it.</summary>
        public void PackUnlessTaken()
        {
            if (_isPacked || !_packing.TryEnter())
            {
                return;
            }

            try
            {
                PackIfNeeded();
            }
            finally
            {
                _packing.Exit();
            }
        }

        /// <summary>Waits for whoever is at it; makes the copy if it is not there then.</summary>
        public void Require()
        {
            if (!_isPacked)
            {
                lock (_packing)
                {
                    PackIfNeeded();
                }
            }
        }

        private void PackIfNeeded()
        {
            if (!_isPacked)
            {
                pack();
                _isPacked = true;
            }
        }
    }
}
