using ActorTrainer.Numerics.Memory;

namespace ActorTrainer.Numerics.Tests.Memory;

public sealed unsafe class AlignedBufferTests
{
    [Fact]
    public void A_buffer_is_aligned_and_zero()
    {
        using var buffer = new AlignedBuffer(1001);

        Assert.Equal(0, (nint)buffer.Pointer % AlignedBuffer.Alignment);
        Assert.Equal(new float[1001], buffer.Span.ToArray());
    }

    [Fact]
    public void A_disposed_buffer_is_refused()
    {
        var buffer = new AlignedBuffer(0);
        Assert.Equal(0, buffer.Span.Length);
        buffer.Dispose();
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }
}
