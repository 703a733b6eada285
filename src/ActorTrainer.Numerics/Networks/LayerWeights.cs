using ActorTrainer.Numerics.Memory;
using ActorTrainer.Numerics.Products;

namespace ActorTrainer.Numerics.Networks;

/// <summary>Working copies of one layer's weights; the layout does not depend on the width of the vectors.</summary>
internal sealed unsafe class LayerWeights : IDisposable
{
    private readonly LayerShape _shape;
    private readonly PackedMatrix? _forward;
    private readonly PackedMatrix? _inputTransposed;
    private readonly PackedMatrix? _recurrentTransposed;
    private readonly PackedMatrix? _candidateTransposed;
    private readonly AlignedBuffer? _recurrentBias;
    private readonly AlignedBuffer? _table;

    public LayerWeights(LayerShape shape)
    {
        _shape = shape;
        if (shape.Input is null)
        {
            return;
        }

        // A transposed product runs over the dense columns ascending, wherever they stand interleaved (B1).
        var gates = DepthSegment.Ascending(shape.Columns);
        if (shape.TakesSymbols)
        {
            TableStride = shape.Columns.Columns;
            _table = new AlignedBuffer(checked(shape.Inputs * TableStride));
        }

        if (shape.Depth > 0)
        {
            _forward = new PackedMatrix(shape.Depth, shape.Columns);
        }

        if (shape.PassesDown)
        {
            _inputTransposed = new PackedMatrix(
                shape.Input.Columns, ColumnOrder.Padded(shape.Inputs, PackedMatrix.PanelWidth), gates);
        }

        if (shape.Recurrent is not null)
        {
            var own = shape.RecurrentColumns!;
            var units = ColumnOrder.Padded(shape.Units, PackedMatrix.PanelWidth);
            _recurrentTransposed = new PackedMatrix(own.DenseColumns, units, DepthSegment.Ascending(own));
            if (own.DenseColumns < shape.Recurrent.Columns)
            {
                _candidateTransposed = new PackedMatrix(shape.Recurrent.Columns - own.DenseColumns, units);
            }
        }

        if (shape.RecurrentBias is not null)
        {
            _recurrentBias = new AlignedBuffer(LayerShape.WholePanels(shape.Units));
        }
    }

    /// <summary>[inputs + units] rows of W and then of U, with b as the bias: one chain (B2). Without W where symbols enter.</summary>
    public PackedMatrix Forward => _forward!;

    public PackedMatrix InputTransposed => _inputTransposed!;

    /// <summary>Of U, the columns that multiply h₋₁ itself.</summary>
    public PackedMatrix RecurrentTransposed => _recurrentTransposed!;

    /// <summary>Of U, the columns for n where a GRU multiplies them with r∘h₋₁.</summary>
    public PackedMatrix CandidateTransposed => _candidateTransposed!;

    /// <summary>[whole panels] what U·h₋₁ starts from where a GRU resets after the product.</summary>
    public float* RecurrentBias => _recurrentBias!.Pointer;

    /// <summary>
    /// [symbols × <see cref="TableStride"/>] b + W[symbol] in working order: where the chain of a symbol
    /// stands after the input (B2).
    /// </summary>
    public float* Table => _table!.Pointer;

    public int TableStride { get; }

    /// <summary>[symbols × dimension] the embedding itself, which needs no copy.</summary>
    public float* Embedding { get; private set; }

    /// <summary>What a forward pass reads.</summary>
    /// <param name="values">The flat vector; it must not move.</param>
    public void PackForward(float* values)
    {
        if (_shape.Embedding is not null)
        {
            Embedding = values + _shape.Embedding.Offset;
            return;
        }

        if (_shape.Input is null)
        {
            return;
        }

        var bias = values + _shape.Bias!.Offset;
        _forward?.Pack(values + _shape.ForwardOffset, _shape.Input!.Columns, bias);
        if (_recurrentBias is not null)
        {
            new ReadOnlySpan<float>(values + _shape.RecurrentBias!.Offset, _shape.Units).CopyTo(_recurrentBias.Span);
        }

        if (_table is not null)
        {
            FillTable(values + _shape.Input!.Offset, bias);
        }
    }

    /// <summary>What a backward pass reads to pass deltas down.</summary>
    /// <inheritdoc cref="PackForward"/>
    public void PackInputTransposed(float* values) =>
        _inputTransposed?.PackTransposed(values + _shape.Input!.Offset, _shape.Input.Columns);

    /// <summary>What a backward pass reads to go back in time.</summary>
    /// <inheritdoc cref="PackForward"/>
    public void PackRecurrentTransposed(float* values)
    {
        if (_recurrentTransposed is not null)
        {
            var u = _shape.Recurrent!;
            _recurrentTransposed.PackTransposed(values + u.Offset, u.Columns);
            _candidateTransposed?.PackTransposed(values + u.Offset + _recurrentTransposed.Depth, u.Columns);
        }
    }

    public void Dispose()
    {
        _forward?.Dispose();
        _inputTransposed?.Dispose();
        _recurrentTransposed?.Dispose();
        _candidateTransposed?.Dispose();
        _recurrentBias?.Dispose();
        _table?.Dispose();
    }

    private void FillTable(float* weights, float* bias)
    {
        var sources = _shape.Columns.Sources.AsSpan();
        for (var symbol = 0; symbol < _shape.Inputs; symbol++)
        {
            var from = weights + ((nint)symbol * _shape.Input!.Columns);
            var to = Table + ((nint)symbol * TableStride);
            for (var column = 0; column < sources.Length; column++)
            {
                var source = sources[column];
                to[column] = source < 0 ? 0f : bias[source] + from[source];
            }
        }
    }
}
