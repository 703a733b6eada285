using ActorTrainer.Numerics.Kernels;

namespace ActorTrainer.Numerics.Networks;

/// <summary>The definition of one layer's bits; the orders stand at <see cref="ScalarNetwork"/>.</summary>
internal sealed partial class ScalarLayer
{
    private readonly LayerSpec? _spec; // null: the output layer
    private readonly int _units;
    private readonly int _inputs;
    private readonly int _stateOffset;
    private readonly ParameterTensor? _w;
    private readonly ParameterTensor? _u;
    private readonly ParameterTensor? _b;
    private readonly ParameterTensor? _c;
    private readonly ParameterTensor? _embedding;

    // [T × R × width] of the last forward pass; _before: [R × units] hidden and cell states that came in.
    private int _time;
    private int _rows;
    private int[] _lengths = [];
    private float[] _x = [];
    private int[] _symbols = [];
    private float[] _gates = [];
    private float[] _cell = [];
    private float[] _tanhCell = [];
    private float[] _y = [];
    private float[] _hiddenBefore = [];
    private float[] _cellBefore = [];

    public ScalarLayer(ModelLayout layout, int index, LayerSpec? spec, int stateOffset)
    {
        (_spec, _stateOffset) = (spec, stateOffset);
        if (spec is LayerSpec.Embedding embedding)
        {
            _embedding = layout.Tensor(index, ParameterRole.Embedding);
            (_inputs, _units) = (_embedding.Rows, embedding.Dimension);
            return;
        }

        _w = layout.Tensor(index, ParameterRole.Input);
        _b = layout.Tensor(index, ParameterRole.Bias);
        _u = spec is LayerSpec.Lstm or LayerSpec.Elman or LayerSpec.Gru ? layout.Tensor(index, ParameterRole.Recurrent) : null;
        _c = spec is LayerSpec.Gru { Reset: GruReset.After } ? layout.Tensor(index, ParameterRole.RecurrentBias) : null;
        (_inputs, _units) = (_w.Rows, _w.Columns / _w.Gates);
        StateSize = spec switch { LayerSpec.Lstm => 2 * _units, LayerSpec.Elman or LayerSpec.Gru => _units, _ => 0 };
    }

    public int StateSize { get; }

    public float[] Forward(
        ReadOnlySpan<float> weights, int time, int[] lengths, float[] x, int[] symbols, Span<float> state, int stateSize)
    {
        var rows = lengths.Length;
        (_time, _rows, _lengths, _x, _symbols) = (time, rows, lengths, x, symbols);
        _y = new float[time * rows * _units];
        _gates = new float[_w is null ? 0 : time * rows * _w.Columns];
        _cell = new float[_y.Length];
        _tanhCell = new float[_y.Length];
        (_product, _kept) = (new float[_y.Length], new float[_y.Length]);
        _hiddenBefore = new float[rows * _units];
        _cellBefore = new float[rows * _units];
        for (var row = 0; row < rows && StateSize > 0; row++)
        {
            var carried = state.Slice((row * stateSize) + _stateOffset, StateSize);
            carried[.._units].CopyTo(_hiddenBefore.AsSpan(row * _units));
            carried[_units..].CopyTo(_cellBefore.AsSpan(row * _units));
        }

        for (var item = 0; item < time * rows; item++)
        {
            Step(weights, item);
            if (StateSize > 0 && item / rows >= lengths[item % rows])
            {
                _y.AsSpan(item * _units, _units).Clear();
                _cell.AsSpan(item * _units, _units).Clear();
            }
        }

        for (var row = 0; row < rows && StateSize > 0; row++)
        {
            var carried = state.Slice((row * stateSize) + _stateOffset, StateSize);
            var last = (((time - 1) * rows) + row) * _units;
            _y.AsSpan(last, _units).CopyTo(carried);
            if (_spec is LayerSpec.Lstm)
            {
                _cell.AsSpan(last, _units).CopyTo(carried[_units..]);
            }
        }

        return _y;
    }

    /// <summary>From the gradient of the outputs to that of the pre-activations, kept, and of the inputs, returned.</summary>
    public float[] Backward(ReadOnlySpan<float> weights, float[] delta, bool wantsInput)
    {
        if (_embedding is not null)
        {
            _gates = delta;
            return [];
        }

        var cellCarry = new float[_rows * _units];
        for (var item = (_time * _rows) - 1; item >= 0; item--)
        {
            if (_spec is LayerSpec.Gru gru)
            {
                GruBack(weights, gru.Reset, item, delta.AsSpan(item * _units, _units), cellCarry.AsSpan(item % _rows * _units, _units));
                continue;
            }

            for (var unit = 0; unit < _units; unit++)
            {
                BackStep(weights, item, unit, delta[(item * _units) + unit], ref cellCarry[(item % _rows * _units) + unit]);
            }
        }

        var input = new float[wantsInput ? _time * _rows * _inputs : 0];
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = Transposed(0f, weights, _w!, i % _inputs, i / _inputs);
        }

        return input;
    }

    /// <summary>Adds the weight gradients of a lane's rows (B3) to a leaf that starts at +0.</summary>
    public void AddGradient(int firstRow, int endRow, Span<float> leaf)
    {
        for (var t = _time - 1; t >= 0; t--)
        {
            for (var row = firstRow; row < endRow; row++)
            {
                var item = (t * _rows) + row;
                if (_embedding is not null)
                {
                    AddRow(leaf.Slice(_embedding.Offset + (_symbols[item] * _units), _units), _gates.AsSpan(item * _units, _units));
                    continue;
                }

                var d = _gates.AsSpan(item * _w!.Columns, _w.Columns);
                AddRow(leaf.Slice(_b!.Offset, d.Length), d);
                if (_symbols.Length > 0)
                {
                    AddRow(leaf.Slice(_w.Offset + (_symbols[item] * d.Length), d.Length), d);
                }
                else
                {
                    AddOuter(leaf.Slice(_w.Offset, _w.Length), _x.AsSpan(item * _inputs, _inputs), d, d.Length, 0);
                }

                if (_spec is LayerSpec.Gru gru)
                {
                    AddGruGradient(gru.Reset, item, leaf);
                }
                else if (_u is not null)
                {
                    AddOuter(leaf.Slice(_u.Offset, _u.Length), Before(_y, _hiddenBefore, item), d, d.Length, 0);
                }
            }
        }
    }

    private static void AddRow(Span<float> sum, ReadOnlySpan<float> d)
    {
        for (var j = 0; j < d.Length; j++)
        {
            sum[j] += d[j];
        }
    }

    /// <summary>Of a matrix of so many columns, those from <paramref name="first"/> on.</summary>
    private static void AddOuter(Span<float> sum, ReadOnlySpan<float> x, ReadOnlySpan<float> d, int columns, int first)
    {
        for (var k = 0; k < x.Length; k++)
        {
            for (var j = 0; j < d.Length; j++)
            {
                ref var element = ref sum[(k * columns) + first + j];
                element = MathF.FusedMultiplyAdd(x[k], d[j], element);
            }
        }
    }

    /// <summary>Whether the item's row goes on after the item's step.</summary>
    private bool IsFollowed(int item) => (item / _rows) + 1 < _lengths[item % _rows];

    /// <summary>1 − y², rounded once.</summary>
    private static float OneMinusSquare(float y) => MathF.FusedMultiplyAdd(-y, y, 1f);

    /// <summary>The item's row one step before: from the sequence, or from what was carried in.</summary>
    private ReadOnlySpan<float> Before(float[] sequence, float[] carried, int item) => item < _rows
        ? carried.AsSpan(item * _units, _units)
        : sequence.AsSpan((item - _rows) * _units, _units);

    private void Step(ReadOnlySpan<float> weights, int item)
    {
        var y = _y.AsSpan(item * _units, _units);
        if (_embedding is not null)
        {
            weights.Slice(_embedding.Offset + (_symbols[item] * _units), _units).CopyTo(y);
            return;
        }

        var z = _gates.AsSpan(item * _w!.Columns, _w.Columns);
        weights.Slice(_b!.Offset, z.Length).CopyTo(z);
        if (_symbols.Length > 0)
        {
            AddRow(z, weights.Slice(_w.Offset + (_symbols[item] * z.Length), z.Length));
        }
        else
        {
            Continue(z, _x.AsSpan(item * _inputs, _inputs), weights.Slice(_w.Offset, _w.Length), z.Length, 0);
        }

        if (_spec is LayerSpec.Gru gru)
        {
            GruStep(weights, gru.Reset, z, item);
            return;
        }

        if (_u is not null)
        {
            Continue(z, Before(_y, _hiddenBefore, item), weights.Slice(_u.Offset, _u.Length), z.Length, 0);
        }

        if (_spec is LayerSpec.Lstm)
        {
            LstmCell(z, Before(_cell, _cellBefore, item), item);
            return;
        }

        for (var j = 0; j < y.Length; j++)
        {
            y[j] = Activate(z[j]);
        }
    }

    /// <summary>The chains of the columns of a matrix of so many from <paramref name="first"/> on.</summary>
    private static void Continue(Span<float> z, ReadOnlySpan<float> x, ReadOnlySpan<float> matrix, int columns, int first)
    {
        for (var j = 0; j < z.Length; j++)
        {
            for (var k = 0; k < x.Length; k++)
            {
                z[j] = MathF.FusedMultiplyAdd(x[k], matrix[(k * columns) + first + j], z[j]);
            }
        }
    }

    private void LstmCell(Span<float> z, ReadOnlySpan<float> cellBefore, int item)
    {
        for (var unit = 0; unit < _units; unit++)
        {
            var i = ScalarKernels.Sigmoid(z[unit]);
            var f = ScalarKernels.Sigmoid(z[_units + unit]);
            var g = ScalarKernels.Tanh(z[(2 * _units) + unit]);
            var o = ScalarKernels.Sigmoid(z[(3 * _units) + unit]);
            var c = MathF.FusedMultiplyAdd(f, cellBefore[unit], i * g);
            var tanh = ScalarKernels.Tanh(c);
            (z[unit], z[_units + unit], z[(2 * _units) + unit], z[(3 * _units) + unit]) = (i, f, g, o);
            var at = (item * _units) + unit;
            (_cell[at], _tanhCell[at], _y[at]) = (c, tanh, o * tanh);
        }
    }

    private float Activate(float z) => _spec switch
    {
        LayerSpec.Elman { Activation: Activation.Relu } => z > 0f ? z : 0f,
        LayerSpec.Elman => ScalarKernels.Tanh(z),
        LayerSpec.Dense { Activation: Activation.Tanh } => ScalarKernels.Tanh(z),
        LayerSpec.Dense { Activation: Activation.Sigmoid } => ScalarKernels.Sigmoid(z),
        LayerSpec.Dense { Activation: Activation.Relu } => z > 0f ? z : 0f,
        _ => z,
    };

    private void BackStep(ReadOnlySpan<float> weights, int item, int unit, float fromAbove, ref float cellCarry)
    {
        var d = fromAbove;
        if (_u is not null && IsFollowed(item))
        {
            d = Transposed(d, weights, _u, unit, item + _rows);
        }

        var y = _y[(item * _units) + unit];
        if (_spec is LayerSpec.Lstm)
        {
            LstmBack(item, unit, d, ref cellCarry);
            return;
        }

        _gates[(item * _units) + unit] = _spec switch
        {
            LayerSpec.Elman { Activation: Activation.Relu } => y > 0f ? d : 0f,
            LayerSpec.Elman => d * OneMinusSquare(y),
            LayerSpec.Dense { Activation: Activation.Tanh } => d * OneMinusSquare(y),
            LayerSpec.Dense { Activation: Activation.Sigmoid } => d * (y * (1f - y)),
            LayerSpec.Dense { Activation: Activation.Relu } => y > 0f ? d : 0f,
            _ => d,
        };
    }

    private void LstmBack(int item, int unit, float d, ref float cellCarry)
    {
        var z = _gates.AsSpan(item * 4 * _units, 4 * _units);
        var (i, f, g, o) = (z[unit], z[_units + unit], z[(2 * _units) + unit], z[(3 * _units) + unit]);
        var tanh = _tanhCell[(item * _units) + unit];
        var dc = MathF.FusedMultiplyAdd(d * o, OneMinusSquare(tanh), cellCarry);
        z[unit] = dc * g * (i * (1f - i));
        z[_units + unit] = dc * Before(_cell, _cellBefore, item)[unit] * (f * (1f - f));
        z[(2 * _units) + unit] = dc * i * OneMinusSquare(g);
        z[(3 * _units) + unit] = d * tanh * (o * (1f - o));
        cellCarry = dc * f;
    }

    /// <summary>start, then fma over a row of a tensor and an item's pre-activation gradients, columns ascending.</summary>
    private float Transposed(float start, ReadOnlySpan<float> weights, ParameterTensor tensor, int row, int item)
    {
        for (var column = 0; column < tensor.Columns; column++)
        {
            start = MathF.FusedMultiplyAdd(
                _gates[(item * tensor.Columns) + column], weights[tensor.Offset + (row * tensor.Columns) + column], start);
        }

        return start;
    }
}
