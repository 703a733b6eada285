using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Products;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Numerics.Vectors;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// The workspace of one layer in one engine. Buffers are [time × rows × stride], rows of a step close
/// together whatever the number of rows; padding columns hold what does no harm and is never stored.
/// </summary>
internal abstract unsafe class Layer<TVector> : IDisposable
    where TVector : unmanaged, IVector<TVector>
{
    /// <summary>Rows of a product that are computed before the next panels' turn: their left side stays in the second cache.</summary>
    private const int RowChunk = 128;

    private readonly AlignedBuffer _outputs;
    private readonly AlignedBuffer _delta;
    private readonly int _maxRows;

    private readonly int _leading;

    /// <param name="leading">Columns before the outputs of each row that the layer has for itself; a multiple of 16.</param>
    protected Layer(LayerShape shape, int maxTime, int maxRows, int leading = 0)
    {
        Shape = shape;
        Stride = LayerShape.Stride(leading + shape.Units);
        DeltaStride = LayerShape.Stride(shape.Units);
        (_maxRows, _leading) = (maxRows, leading);
        _outputs = new AlignedBuffer(checked((maxTime + 1) * maxRows * (int)Stride));
        _delta = new AlignedBuffer(checked(maxTime * maxRows * (int)DeltaStride));
    }

    public LayerShape Shape { get; }

    /// <summary>Floats carried for each row (B10).</summary>
    public virtual int StateSize => 0;

    /// <summary>[time × rows × <see cref="Stride"/>] what the layer gives. The step before the first stands before it.</summary>
    public float* Outputs => _outputs.Pointer + (_maxRows * Stride) + _leading;

    /// <summary>
    /// [time × rows × <see cref="DeltaStride"/>] gradient of the outputs, written by the layer above before
    /// <see cref="Backward"/>.
    /// </summary>
    public float* Delta => _delta.Pointer;

    /// <summary>Floats from a row of <see cref="Outputs"/> to the next.</summary>
    public nint Stride { get; }

    /// <summary>Floats from a row of <see cref="Delta"/> to the next.</summary>
    public nint DeltaStride { get; }

    /// <summary>[time × rows × <see cref="PreStride"/>] gradient of the pre-activations, after <see cref="Backward"/>.</summary>
    public virtual float* Pre => Delta;

    public virtual nint PreStride => DeltaStride;

    /// <summary>[rows] valid steps of each row.</summary>
    public int* Lengths { get; set; }

    /// <summary>Whether some row is shorter than the batch.</summary>
    public bool IsPadded { get; set; }

    protected LayerInput Input { get; private set; }

    /// <summary>Takes in what the rows carry: [rows × stride], this layer's part first.</summary>
    public virtual void LoadState(float* state, int stride, int rows)
    {
    }

    /// <summary>Gives back what the rows carry out.</summary>
    public virtual void StoreState(float* state, int stride, int time, int rows)
    {
    }

    public void Forward(LayerWeights weights, LayerInput input, int time, int rows)
    {
        Input = input;
        Forward(weights, time, rows);
    }

    /// <summary>From <see cref="Delta"/> to <see cref="Pre"/>, and to the gradient of what entered.</summary>
    /// <param name="below">The layer that waits for it; null: none does.</param>
    public abstract void Backward(LayerWeights weights, Layer<TVector>? below, int time, int rows);

    /// <summary>The block's sums of this layer's weight gradients (B3, B4) at their places in the flat vector.</summary>
    public virtual void AddGradients(
        int time,
        int rows,
        ReadOnlySpan<LaneRows> lanes,
        LaneBlock block,
        float* gradient,
        GradientWorkspace workspace,
        ScatterWorkspace scatter)
    {
        var d = new TimeMajor(Pre, PreStride, rows * PreStride);
        var bias = gradient + Shape.Bias!.Offset;
        if (Shape.TakesSymbols)
        {
            WeightGradient<TVector>.Compute(default, 0, d, Shape.Columns, time, lanes, block, null, 0, bias, workspace);
            Scatter(d, time, rows, lanes, block, gradient, scatter);
        }
        else
        {
            WeightGradient<TVector>.Compute(
                Input.Over(rows),
                Shape.Inputs,
                d,
                Shape.Columns,
                time,
                lanes,
                block,
                gradient + Shape.Input!.Offset,
                Shape.Input.Columns,
                bias,
                workspace);
        }
    }

    public virtual void Dispose()
    {
        _outputs.Dispose();
        _delta.Dispose();
    }

    protected static void Multiply(
        float* a, nint lda, int rows, PackedSlice b, float* c, nint ldc, ProductStart start)
    {
        for (var row = 0; row < rows; row += RowChunk)
        {
            Products<TVector>.Multiply(a + (row * lda), lda, Math.Min(RowChunk, rows - row), b, c + (row * ldc), ldc, start);
        }
    }

    protected abstract void Forward(LayerWeights weights, int time, int rows);

    /// <summary>Gradient of the rows of W that symbols looked up.</summary>
    protected void Scatter(
        TimeMajor d, int time, int rows, ReadOnlySpan<LaneRows> lanes, LaneBlock block, float* gradient, ScatterWorkspace scatter)
    {
        var table = (Shape.Embedding ?? Shape.Input)!;
        ScatterGradient<TVector>.Compute(
            new ReadOnlySpan<int>(Input.Symbols, time * rows),
            rows,
            table.Rows,
            d,
            Shape.Columns,
            time,
            lanes,
            block,
            gradient + table.Offset,
            table.Columns,
            scatter);
    }

    /// <summary>Gradient of what entered at step t: from +0 over the pre-activations' columns ascending (B1).</summary>
    protected void PassDown(LayerWeights weights, Layer<TVector> below, int t, int rows) => Multiply(
        Pre + (t * rows * PreStride),
        PreStride,
        rows,
        weights.InputTransposed.All,
        below.Delta + (t * rows * below.DeltaStride),
        below.DeltaStride,
        ProductStart.Zero);

    /// <summary>
    /// Where the chains of step t stand after its symbols (B2), columns [firstPanel · 32, …): the table's rows.
    /// </summary>
    protected void LookUp(LayerWeights weights, int t, int rows, int firstPanel, int panels, float* z, nint stride)
    {
        var symbols = Input.Symbols + (t * rows);
        var table = weights.Table + (firstPanel * PackedMatrix.PanelWidth);
        for (var row = 0; row < rows; row++, z += stride)
        {
            var source = table + ((nint)symbols[row] * weights.TableStride);
            for (var column = 0; column < panels * PackedMatrix.PanelWidth; column += TVector.Count)
            {
                TVector.Load(source + column).Store(z + column);
            }
        }
    }
}
