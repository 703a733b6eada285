using System.Runtime.CompilerServices;
using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Randomness;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// Keeps some units, scaled, and sets the others to 0. The mask is kept from forward to backward: drawing it
/// costs more than reading it again.
/// </summary>
internal sealed unsafe class DropoutLayer<TVector> : Layer<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    private const float UnitScale = 1 << 24;

    private readonly AlignedBuffer _mask; // [time × rows × DeltaStride] all bits of a kept unit
    private readonly AlignedBuffer _words; // of one row
    private readonly int _layer;
    private readonly bool _isAtLastStep;
    private readonly float _threshold;
    private readonly float _scale;

    public DropoutLayer(LayerShape shape, int layer, bool isAtLastStep, int maxTime, int maxRows)
        : base(shape, maxTime, maxRows)
    {
        var keep = ((LayerSpec.Dropout)shape.Spec!).Keep;
        (_layer, _isAtLastStep) = (layer, isAtLastStep);

        // Unit < keep, both sides times 2²⁴, which is exact.
        (_threshold, _scale) = ((float)keep * UnitScale, (float)(1 / keep));
        _mask = new AlignedBuffer(checked(maxTime * maxRows * (int)DeltaStride));
        _words = new AlignedBuffer(PhiloxVectors.WholeGroups(shape.Columns.Columns));
    }

    /// <summary>Draws the mask of a batch.</summary>
    public void Draw(SequenceBatch batch)
    {
        var stream = new RandomStream(batch.Seed, RandomPurpose.Dropout, _layer);
        var time = _isAtLastStep ? 1 : batch.Time;
        var mask = _mask.Pointer;
        for (var t = 0; t < time; t++)
        {
            for (var row = 0; row < batch.Rows; row++, mask += DeltaStride)
            {
                var position = _isAtLastStep ? batch.Lengths[row] - 1 : t;
                stream.FillGroups(batch.Step, batch.GlobalRows[row], position, (uint*)_words.Pointer, _words.Length, TVector.Width);
                Compare(_words.Pointer, mask, Shape.Columns.Columns, _threshold);
            }
        }
    }

    public override void Backward(LayerWeights weights, Layer<TVector>? below, int time, int rows)
    {
        if (below is not null)
        {
            Apply(Delta, DeltaStride, below.Delta, below.DeltaStride, time * rows);
        }
    }

    public override void Dispose()
    {
        _mask.Dispose();
        _words.Dispose();
        base.Dispose();
    }

    protected override void Forward(LayerWeights weights, int time, int rows) =>
        Apply(Input.Values, Input.Stride, Outputs, Stride, time * rows);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compare(float* words, float* mask, int columns, float threshold)
    {
        var limit = TVector.Create(threshold);
        var top = TVector.CreateBits(0xFFFFFF); // the shift brings the sign along
        for (var j = 0; j < columns; j += TVector.Count)
        {
            var unit = TVector.ConvertBitsToSingle(TVector.AndBits(TVector.ShiftBitsRight(TVector.Load(words + j), 8), top));
            TVector.LessThan(unit, limit).Store(mask + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(float* from, nint fromStride, float* to, nint toStride, int items)
    {
        var scale = TVector.Create(_scale);
        var mask = _mask.Pointer;
        for (var item = 0; item < items; item++, from += fromStride, to += toStride, mask += DeltaStride)
        {
            for (var j = 0; j < Shape.Columns.Columns; j += TVector.Count)
            {
                TVector.Select(TVector.Load(mask + j), TVector.Load(from + j) * scale, TVector.Zero).Store(to + j);
            }
        }
    }
}
