using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// A GRU that resets before the product: n = tanh(b + W·x + U·(r∘h₋₁)). The product needs r of every unit, so a
/// step goes over the units twice.
/// </summary>
internal sealed unsafe class GruBeforeLayer<TVector> : GruLayer<TVector>
    where TVector : unmanaged, IVector<TVector>
{
    private readonly AlignedBuffer _kept; // [time × rows × DeltaStride] r∘h₋₁
    private readonly AlignedBuffer _keptDelta; // [rows × DeltaStride] its gradient

    public GruBeforeLayer(LayerShape shape, int maxTime, int maxRows)
        : base(shape, maxTime, maxRows, ownColumns: 0)
    {
        _kept = new AlignedBuffer(checked(maxTime * maxRows * (int)DeltaStride));
        _keptDelta = new AlignedBuffer(maxRows * (int)DeltaStride);
    }

    public override void Backward(LayerWeights weights, Layer<TVector>? below, int time, int rows)
    {
        new Span<float>(Carry, rows * (int)DeltaStride).Clear();
        for (var t = time - 1; t >= 0; t--)
        {
            BackwardCandidate(weights, t, time, rows);
            BackwardReset(weights, t, rows);
            if (below is not null)
            {
                PassDown(weights, below, t, rows);
            }
        }
    }

    public override void Dispose()
    {
        _kept.Dispose();
        _keptDelta.Dispose();
        base.Dispose();
    }

    protected override void Forward(LayerWeights weights, int time, int rows)
    {
        for (var t = 0; t < time; t++)
        {
            Enter(t, rows);
            var z = Pre + (t * rows * PreStride);
            var kept = _kept.Pointer + (t * rows * DeltaStride);
            for (var block = 0; block < Blocks; block++)
            {
                Gates(weights, t, rows, block);
                var unit = block * GruCell<TVector>.BlockUnits;
                GruCell<TVector>.Reset(
                    z + (block * GruCell<TVector>.GateColumns), PreStride, Before(t, rows) + unit, Stride, kept + unit, DeltaStride, rows);
            }

            for (var panel = 0; panel < Panels; panel++)
            {
                CandidateInput(weights, t, rows, panel);
                var n = z + Candidate + (panel * PackedMatrix.PanelWidth);
                Multiply(kept, DeltaStride, rows, CandidateRecurrent(weights, panel), n, PreStride, ProductStart.Continue);
                for (var block = 2 * panel; block < EndOfPanel(panel); block++)
                {
                    var unit = block * GruCell<TVector>.BlockUnits;
                    GruCell<TVector>.ForwardBefore(
                        z + (block * GruCell<TVector>.GateColumns),
                        z + Candidate + unit,
                        PreStride,
                        Before(t, rows) + unit,
                        Outputs + (t * rows * Stride) + unit,
                        Stride,
                        rows);
                }
            }

            ClearPadding(Outputs + (t * rows * Stride), Stride, t, rows);
        }
    }

    protected override (TimeMajor Left, TimeMajor Gradient) CandidateProduct(int rows) => (
        new TimeMajor(_kept.Pointer, DeltaStride, rows * DeltaStride),
        new TimeMajor(Pre + Candidate, PreStride, rows * PreStride));

    private void BackwardCandidate(LayerWeights weights, int t, int time, int rows)
    {
        var z = Pre + (t * rows * PreStride);
        for (var panel = 0; panel < Panels; panel++)
        {
            ContinueDelta(weights, t, time, rows, panel);
            for (var block = 2 * panel; block < EndOfPanel(panel); block++)
            {
                var unit = block * GruCell<TVector>.BlockUnits;
                GruCell<TVector>.BackwardBefore(
                    z + (block * GruCell<TVector>.GateColumns),
                    z + Candidate + unit,
                    PreStride,
                    Before(t, rows) + unit,
                    Stride,
                    Delta + (t * rows * DeltaStride) + unit,
                    Carry + unit,
                    DeltaStride,
                    rows);
            }
        }
    }

    private void BackwardReset(LayerWeights weights, int t, int rows)
    {
        var z = Pre + (t * rows * PreStride);
        for (var panel = 0; panel < Panels; panel++)
        {
            Multiply(
                z + Candidate,
                PreStride,
                rows,
                weights.CandidateTransposed.Slice(panel, 1),
                _keptDelta.Pointer + (panel * PackedMatrix.PanelWidth),
                DeltaStride,
                ProductStart.Zero);
            for (var block = 2 * panel; block < EndOfPanel(panel); block++)
            {
                var unit = block * GruCell<TVector>.BlockUnits;
                GruCell<TVector>.BackwardReset(
                    z + (block * GruCell<TVector>.GateColumns),
                    PreStride,
                    Before(t, rows) + unit,
                    Stride,
                    _keptDelta.Pointer + unit,
                    Carry + unit,
                    DeltaStride,
                    rows);
            }
        }
    }
}
