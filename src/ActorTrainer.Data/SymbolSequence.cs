namespace ActorTrainer.Data;

/// <summary>A long sequence of symbols, two bytes each, in chunks: it grows without ever being copied.</summary>
internal sealed class SymbolSequence
{
    private const int ChunkBits = 14;
    private const int ChunkLength = 1 << ChunkBits;

    private readonly List<ushort[]> _chunks = [];

    public long Count { get; private set; }

    public int this[long index] => _chunks[(int)(index >> ChunkBits)][(int)index & (ChunkLength - 1)];

    public void Add(ushort symbol)
    {
        var place = (int)Count & (ChunkLength - 1);
        if (place == 0)
        {
            _chunks.Add(new ushort[ChunkLength]);
        }

        _chunks[^1][place] = symbol;
        Count++;
    }

    /// <summary>Replaces every symbol s by renamed[s].</summary>
    public void Rename(ReadOnlySpan<ushort> renamed)
    {
        foreach (var chunk in _chunks)
        {
            for (var i = 0; i < chunk.Length; i++)
            {
                // Places behind the end hold 0, which is a symbol of every text that has any.
                chunk[i] = renamed[chunk[i]];
            }
        }
    }
}
