using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// A GRU that resets after the product: n = tanh(b + W·x + r∘(c + U·h₋₁)). The product with U has columns of
/// its own, behind those of n.
/// </summary>
internal sealed unsafe class GruAfterLayer<TVector>(LayerShape shape, int maxTime, int maxRows)
    : GruLayer<TVector>(shape, maxTime, maxRows, ownColumns: LayerShape.WholePanels(shape.Units))
    where TVector : unmanaged, IVector<TVector>
{
    /// <summary>First column of U·h₋₁ in a row of gates.</summary>
    private int Product => Candidate + CandidateOrder.Columns;

    public override void Backward(LayerWeights weights, Layer<TVector>? below, int time, int rows)
    {
        new Span<float>(Carry, rows * (int)DeltaStride).Clear();
        for (var t = time - 1; t >= 0; t--)
        {
            var z = Pre + (t * rows * PreStride);
            for (var panel = 0; panel < Panels; panel++)
            {
                ContinueDelta(weights, t, time, rows, panel);
                for (var block = 2 * panel; block < EndOfPanel(panel); block++)
                {
                    var unit = block * GruCell<TVector>.BlockUnits;
                    GruCell<TVector>.BackwardAfter(
                        z + (block * GruCell<TVector>.GateColumns),
                        z + Candidate + unit,
                        z + Product + unit,
                        PreStride,
                        Before(t, rows) + unit,
                        Stride,
                        Delta + (t * rows * DeltaStride) + unit,
                        Carry + unit,
                        DeltaStride,
                        rows);
                }
            }

            if (below is not null)
            {
                PassDown(weights, below, t, rows);
            }
        }
    }

    protected override void Forward(LayerWeights weights, int time, int rows)
    {
        for (var t = 0; t < time; t++)
        {
            Enter(t, rows);
            var z = Pre + (t * rows * PreStride);
            for (var panel = 0; panel < Panels; panel++)
            {
                for (var block = 2 * panel; block < EndOfPanel(panel); block++)
                {
                    Gates(weights, t, rows, block);
                }

                CandidateInput(weights, t, rows, panel);
                Multiply(
                    Before(t, rows),
                    Stride,
                    rows,
                    CandidateRecurrent(weights, panel).StartingAt(weights.RecurrentBias + (panel * PackedMatrix.PanelWidth)),
                    z + Product + (panel * PackedMatrix.PanelWidth),
                    PreStride,
                    ProductStart.Bias);
                for (var block = 2 * panel; block < EndOfPanel(panel); block++)
                {
                    var unit = block * GruCell<TVector>.BlockUnits;
                    GruCell<TVector>.ForwardAfter(
                        z + (block * GruCell<TVector>.GateColumns),
                        z + Candidate + unit,
                        z + Product + unit,
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
        new TimeMajor(Before(0, rows), Stride, rows * Stride),
        new TimeMajor(Pre + Product, PreStride, rows * PreStride));
}
