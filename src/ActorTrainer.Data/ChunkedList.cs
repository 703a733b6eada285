namespace ActorTrainer.Data;

/// <summary>A long list in chunks: it grows without ever being copied.</summary>
internal sealed class ChunkedList<T>
    where T : unmanaged
{
    private const int ChunkBits = 12;
    private const int ChunkLength = 1 << ChunkBits;

    private readonly List<T[]> _chunks = [];

    public long Count { get; private set; }

    public T this[long index]
    {
        get => _chunks[(int)(index >> ChunkBits)][(int)index & (ChunkLength - 1)];
        set => _chunks[(int)(index >> ChunkBits)][(int)index & (ChunkLength - 1)] = value;
    }

    public void Add(T value)
    {
        var place = (int)Count & (ChunkLength - 1);
        if (place == 0)
        {
            _chunks.Add(new T[ChunkLength]);
        }

        _chunks[^1][place] = value;
        Count++;
    }
}
