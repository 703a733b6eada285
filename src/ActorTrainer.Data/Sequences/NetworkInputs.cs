using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Sequences;

/// <summary>The sequences of a store as a network takes them in.</summary>
/// <param name="store">The sequences.</param>
/// <param name="features">How each number of a step enters; empty for symbols.</param>
/// <param name="symbolOf">Of each number of an event or a character its symbol; empty for features.</param>
internal sealed class NetworkInputs(SequenceStore store, ImmutableArray<ColumnScale> features, int[] symbolOf)
{
    /// <summary>Writes every input of a row, and its length.</summary>
    public void Write(SequenceBatch batch, int row, int sequence)
    {
        batch.Lengths[row] = store.LengthOf(sequence);
        if (features.IsEmpty)
        {
            WriteSymbols(batch.Symbols, batch.Rows, batch.Time, row, sequence);
        }
        else
        {
            WriteFeatures(batch.Features, batch.Rows, batch.Time, row, sequence);
        }
    }

    private void WriteSymbols(Span<int> symbols, int rows, int time, int row, int sequence)
    {
        var (start, length) = (store.StartOf(sequence), store.LengthOf(sequence));
        for (var t = 0; t < time; t++)
        {
            symbols[(t * rows) + row] = t < length ? symbolOf[store.Symbols[start + t]] : 0;
        }
    }

    private void WriteFeatures(Span<float> values, int rows, int time, int row, int sequence)
    {
        var (width, length) = (features.Length, store.LengthOf(sequence));
        var start = store.StartOf(sequence) * width;
        for (var t = 0; t < time; t++)
        {
            var step = values.Slice(((t * rows) + row) * width, width);
            if (t >= length)
            {
                step.Clear();
                continue;
            }

            for (var feature = 0; feature < width; feature++)
            {
                step[feature] = features[feature].Standardise(store.Values[start + ((long)t * width) + feature]);
            }
        }
    }
}
