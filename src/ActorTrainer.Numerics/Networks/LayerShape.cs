using ActorTrainer.Numerics.Products;

namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// A layer's tensors and the shape of its working copies: gates interleaved in blocks of 16 units, or
/// plain columns, padded to whole panels so that products never end within one.
/// </summary>
internal sealed class LayerShape
{
    /// <summary>Floats behind each row of a working buffer, so that no stride is a power of two.</summary>
    public const int RowPadding = 16;

    public LayerShape(NetworkSpec spec, ModelLayout layout, int index)
    {
        Spec = index < spec.Layers.Length ? spec.Layers[index] : null;
        TakesSymbols = index == 0 && spec.Input == InputKind.Symbols;
        TakesFeatures = spec.Input == InputKind.Features && IsNothingLearntBelow(spec, index);
        if (Spec is LayerSpec.Dropout)
        {
            Inputs = Units = WidthBelow(spec, layout, index);
            Columns = ColumnOrder.Padded(Units, PackedMatrix.PanelWidth);
            return;
        }

        if (Spec is LayerSpec.Embedding)
        {
            Embedding = layout.Tensor(index, ParameterRole.Embedding);
            (Inputs, Units) = (Embedding.Rows, Embedding.Columns);
            Columns = ColumnOrder.Natural(Units);
            return;
        }

        Input = layout.Tensor(index, ParameterRole.Input);
        Bias = layout.Tensor(index, ParameterRole.Bias);
        Recurrent = Spec is LayerSpec.Lstm or LayerSpec.Elman or LayerSpec.Gru ? layout.Tensor(index, ParameterRole.Recurrent) : null;
        (Inputs, Units) = (Input.Rows, Input.Columns / Input.Gates);
        Columns = Input.Gates == 1
            ? ColumnOrder.Padded(Units, PackedMatrix.PanelWidth)
            : ColumnOrder.Interleaved(Input.Gates, Units);
        RecurrentColumns = Columns;
        if (Spec is LayerSpec.Gru gru)
        {
            Columns = ColumnOrder.PairAndThird(Units);
            RecurrentColumns = ColumnOrder.Interleaved(2, Units);
            if (gru.Reset == GruReset.After)
            {
                RecurrentBias = layout.Tensor(index, ParameterRole.RecurrentBias);
                RecurrentColumns = ColumnOrder.PairAndThird(Units, skipped: WholePanels(Units));
            }
        }
    }

    /// <summary>Of a layer without tensors that gives on what it takes.</summary>
    private LayerShape(int width)
    {
        Inputs = Units = width;
        Columns = ColumnOrder.Padded(width, PackedMatrix.PanelWidth);
    }

    /// <summary>Null: the output layer, or no layer of the spec.</summary>
    public LayerSpec? Spec { get; }

    /// <summary>Whether symbols enter: then W is looked up, not multiplied.</summary>
    public bool TakesSymbols { get; }

    /// <summary>Whether the features of the batch enter, or what dropout leaves of them.</summary>
    public bool TakesFeatures { get; }

    public int Inputs { get; }

    public int Units { get; }

    /// <summary>Where the columns of W, U and b stand in the working copies.</summary>
    public ColumnOrder Columns { get; }

    /// <summary>
    /// Where the gradients of h₋₁'s own products stand, which go on over the first columns of U: a GRU that
    /// resets before the product multiplies the last third with something else.
    /// </summary>
    public ColumnOrder? RecurrentColumns { get; }

    public ParameterTensor? Embedding { get; }

    public ParameterTensor? Input { get; }

    public ParameterTensor? Recurrent { get; }

    public ParameterTensor? Bias { get; }

    public ParameterTensor? RecurrentBias { get; }

    /// <summary>Rows of weights that are multiplied: of W, unless symbols enter, and of U.</summary>
    public int Depth => (TakesSymbols ? 0 : Inputs) + (Recurrent is null ? 0 : Units);

    /// <summary>Where those rows begin in the flat vector; U follows W there (B13).</summary>
    public int ForwardOffset => TakesSymbols && Recurrent is not null ? Recurrent.Offset : Input!.Offset;

    /// <summary>Whether a layer below waits for the gradient of its outputs.</summary>
    public bool PassesDown => Embedding is null && !TakesSymbols && !TakesFeatures;

    /// <summary>The shape of what takes and gives on so many floats.</summary>
    public static LayerShape Through(int width) => new(width);

    /// <summary>Floats from a row of a buffer of <paramref name="columns"/> to the next.</summary>
    public static int Stride(int columns) =>
        WholePanels(columns) + RowPadding;

    /// <summary>The columns with padding up to whole panels.</summary>
    public static int WholePanels(int columns) =>
        (columns + PackedMatrix.PanelWidth - 1) / PackedMatrix.PanelWidth * PackedMatrix.PanelWidth;

    private static bool IsNothingLearntBelow(NetworkSpec spec, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (spec.Layers[i] is not LayerSpec.Dropout)
            {
                return false;
            }
        }

        return true;
    }

    private static int WidthBelow(NetworkSpec spec, ModelLayout layout, int index)
    {
        for (var i = index - 1; i >= 0; i--)
        {
            if (spec.Layers[i] is not LayerSpec.Dropout)
            {
                var below = new LayerShape(spec, layout, i);
                return below.Units;
            }
        }

        return spec.InputSize;
    }
}
