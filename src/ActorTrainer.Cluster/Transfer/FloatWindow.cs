using System.Buffers;
using System.Runtime.InteropServices;

namespace ActorTrainer.Cluster.Transfer;

/// <summary>
/// Floats seen as the bytes they lie in (little-endian on every machine that runs this), for a socket to read from and
/// write into without a copy. One window shows one stretch at a time; moving it ends what it showed before.
/// </summary>
internal sealed class FloatWindow : MemoryManager<byte>
{
    private Memory<float> _floats;

    /// <summary>Moves the window.</summary>
    /// <param name="offset">First byte within the floats.</param>
    /// <param name="length">Bytes.</param>
    public Memory<byte> Over(Memory<float> floats, long offset, int length)
    {
        var first = (int)(offset / sizeof(float));
        var within = (int)(offset % sizeof(float));
        _floats = floats[first..(first + ((within + length + sizeof(float) - 1) / sizeof(float)))];
        return CreateMemory(within, length);
    }

    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(_floats.Span);

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        if (!MemoryMarshal.TryGetArray<float>(_floats, out var array))
        {
            throw new InvalidOperationException("the floats lie in no array");
        }

        var handle = GCHandle.Alloc(array.Array, GCHandleType.Pinned);
        var first = (byte*)handle.AddrOfPinnedObject() + ((long)array.Offset * sizeof(float));
        return new MemoryHandle(first + elementIndex, handle);
    }

    /// <remarks>The handle frees itself.</remarks>
    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing) => _floats = default;
}
