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
    /// <summary>Rows of a product that are computed before the next panels' turn: their left side stays in the cache.</summary>
    private const int RowChunk = 64;

    private readonly AlignedBuffer _outputs;
    private readonly AlignedBuffer _delta;
    private readonly int _maxRows;

    protected Layer(LayerShape shape, int maxTime, int maxRows)
    {
        Shape = shape;
        Stride = LayerShape.Stride(shape.Units);
        _maxRows = maxRows;
        _outputs = new AlignedBuffer(checked((maxTime + 1) * maxRows * (int)Stride));
        _delta = new AlignedBuffer(checked(maxTime * maxRows * (int)Stride));
    }

    public LayerShape Shape { get; }

    /// <summary>Floats carried for each row (B10).</summary>
    public virtual int StateSize => 0;

    /// <summary>[time × rows × <see cref="Stride"/>] what the layer gives. The step before the first stands before it.</summary>
    public float* Outputs => _outputs.Pointer + (_maxRows * Stride);

    /// <summary>
    /// [time × rows × <see cref="Stride"/>] gradient of the outputs, written by the layer above before
    /// <see cref="Backward"/>.
    /// </summary>
    public float* Delta => _delta.Pointer;

    /// <summary>Floats from a row of <see cref="Outputs"/> and of <see cref="Delta"/> to the next.</summary>
    public nint Stride { get; }

    /// <summary>[time × rows × <see cref="PreStride"/>] gradient of the pre-activations, after <see cref="Backward"/>.</summary>
    public virtual float* Pre => Delta;

    public virtual nint PreStride => Stride;

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

    /// <summary>From <see cref="Delta"/> to <see cref="Pre"/>.</summary>
    public abstract void Backward(LayerWeights weights, int time, int rows);

    /// <summary>Gradient of what entered: from +0 over the pre-activations' columns ascending (B1).</summary>
    public void PassDown(LayerWeights weights, Layer<TVector> below, int time, int rows) => Multiply(
        Pre, PreStride, time * rows, weights.InputTransposed.All, below.Delta, below.Stride, ProductStart.Zero);

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
            ScatterGradient<TVector>.Compute(
                new ReadOnlySpan<int>(Input.Symbols, time * rows),
                rows,
                Shape.Inputs,
                d,
                Shape.Columns,
                time,
                lanes,
                block,
                gradient + Shape.Input!.Offset,
                Shape.Input.Columns,
                scatter);
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

    /// <summary>
    /// The input's part of the chains of one step (B2), columns [firstPanel · 32, …): bias and features,
    /// or the table's row of each symbol.
    /// </summary>
    protected void StartChains(LayerWeights weights, int t, int rows, int firstPanel, int panels, float* z, nint stride)
    {
        if (!Shape.TakesSymbols)
        {
            Multiply(
                Input.Values + (t * rows * Input.Stride), Input.Stride, rows, weights.Input.Slice(firstPanel, panels), z, stride, ProductStart.Bias);
            return;
        }

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
