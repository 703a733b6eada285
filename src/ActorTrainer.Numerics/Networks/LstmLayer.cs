using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// An LSTM whose gates stand in blocks of 16 units, [i f g o], so that the cell runs on the two panels
/// that the product has just left in the cache.
/// </summary>
internal sealed unsafe class LstmLayer<TVector> : RecurrentLayer<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    private const int PanelsPerBlock = LstmCell<TVector>.BlockColumns / PackedMatrix.PanelWidth;

    private readonly AlignedBuffer _gates; // [time × rows × _gateStride] activations, then gradients of the pre-activations
    private readonly AlignedBuffer _cells; // [(time + 1) × rows × DeltaStride], what was carried in first
    private readonly AlignedBuffer _tanhCells; // [time × rows × DeltaStride]
    private readonly AlignedBuffer _carry; // [rows × DeltaStride] gradient of the cell from the step after
    private readonly nint _gateStride;
    private readonly int _blocks;

    public LstmLayer(LayerShape shape, int maxTime, int maxRows)
        : base(shape, maxTime, maxRows)
    {
        _blocks = shape.Columns.Columns / LstmCell<TVector>.BlockColumns;
        _gateStride = LayerShape.Stride(shape.Columns.Columns);
        _gates = new AlignedBuffer(checked(maxTime * maxRows * (int)_gateStride));
        _cells = new AlignedBuffer(checked((maxTime + 1) * maxRows * (int)DeltaStride));
        _tanhCells = new AlignedBuffer(checked(maxTime * maxRows * (int)DeltaStride));
        _carry = new AlignedBuffer(maxRows * (int)DeltaStride);
    }

    public override int StateSize => 2 * Shape.Units;

    public override float* Pre => _gates.Pointer;

    public override nint PreStride => _gateStride;

    public override void LoadState(float* state, int stride, int rows)
    {
        base.LoadState(state, stride, rows);
        CopyRows(state + Shape.Units, stride, _cells.Pointer, DeltaStride, Shape.Units, rows);
    }

    public override void StoreState(float* state, int stride, int time, int rows)
    {
        base.StoreState(state, stride, time, rows);
        CopyRows(_cells.Pointer + (time * rows * DeltaStride), DeltaStride, state + Shape.Units, stride, Shape.Units, rows);
    }

    public override void Backward(LayerWeights weights, Layer<TVector>? below, int time, int rows)
    {
        var step = rows * DeltaStride;
        new Span<float>(_carry.Pointer, (int)step).Clear();
        for (var t = time - 1; t >= 0; t--)
        {
            var z = _gates.Pointer + (t * rows * _gateStride);
            for (var block = 0; block < _blocks; block++)
            {
                var unit = block * LstmCell<TVector>.BlockUnits;
                var d = Delta + (t * step) + unit;
                if (unit % PackedMatrix.PanelWidth == 0)
                {
                    Continue(weights.RecurrentTransposed.Slice(unit / PackedMatrix.PanelWidth, 1), d, t, time, rows);
                }

                LstmCell<TVector>.Backward(
                    z + (block * LstmCell<TVector>.BlockColumns),
                    _gateStride,
                    _cells.Pointer + (t * step) + unit,
                    _tanhCells.Pointer + (t * step) + unit,
                    d,
                    _carry.Pointer + unit,
                    DeltaStride,
                    rows);
            }

            if (below is not null)
            {
                PassDown(weights, below, t, rows);
            }
        }
    }

    public override void Dispose()
    {
        _gates.Dispose();
        _cells.Dispose();
        _tanhCells.Dispose();
        _carry.Dispose();
        base.Dispose();
    }

    protected override void Forward(LayerWeights weights, int time, int rows)
    {
        var step = rows * DeltaStride;
        for (var t = 0; t < time; t++)
        {
            Enter(t, rows);
            for (var block = 0; block < _blocks; block++)
            {
                var unit = block * LstmCell<TVector>.BlockUnits;
                var z = _gates.Pointer + (t * rows * _gateStride) + (block * LstmCell<TVector>.BlockColumns);
                Chains(weights, t, rows, block * PanelsPerBlock, PanelsPerBlock, z, _gateStride);
                LstmCell<TVector>.Forward(
                    z,
                    _gateStride,
                    _cells.Pointer + (t * step) + unit,
                    _cells.Pointer + ((t + 1) * step) + unit,
                    _tanhCells.Pointer + (t * step) + unit,
                    DeltaStride,
                    Outputs + (t * rows * Stride) + unit,
                    Stride,
                    rows);
            }

            ClearPadding(Outputs + (t * rows * Stride), Stride, t, rows);
            ClearPadding(_cells.Pointer + ((t + 1) * step), DeltaStride, t, rows);
        }
    }
}
