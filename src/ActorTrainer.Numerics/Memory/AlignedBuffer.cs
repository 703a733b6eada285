using System.Runtime.InteropServices;

namespace ActorTrainer.Numerics.Memory;

/// <summary>Floats outside the managed heap, at a multiple of 64 bytes, +0 at first. Its owner disposes it.</summary>
public sealed unsafe class AlignedBuffer : IDisposable
{
    /// <summary>Bytes of a cache line, and of the widest vector.</summary>
    public const int Alignment = 64;

    private float* _floats;

    /// <param name="length">Floats, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="OutOfMemoryException">The machine does not have the memory.</exception>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;

        // One line more than asked for, so that a buffer of no floats has an address too.
        var bytes = ((nuint)length * sizeof(float)) + Alignment;
        _floats = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_floats, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    ~AlignedBuffer() => Free();

    public int Length { get; }

    /// <summary>The first float. Valid until the buffer is disposed; keep the buffer reachable meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public float* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_floats == null, this);
            return _floats;
        }
    }

    public Span<float> Span => new(Pointer, Length);

    public void Clear() => Span.Clear();

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_floats != null)
        {
            NativeMemory.AlignedFree(_floats);
            _floats = null;
            GC.RemoveMemoryPressure(((long)Length * sizeof(float)) + Alignment);
        }
    }
}
