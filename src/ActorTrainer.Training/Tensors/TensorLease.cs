using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Training.Tensors;

/// <summary>
/// One reference to a stretch of a tensor. It is a value: copies are the same reference, which is
/// released exactly once. The default value holds nothing, and releasing it does nothing.
/// </summary>
public readonly record struct TensorLease
{
    internal TensorLease(TensorBuffer buffer, long id, int offset, int length) =>
        (Buffer, Id, Offset, Length) = (buffer, id, offset, length);

    /// <summary>False for the default value.</summary>
    public bool IsHeld => Buffer is not null;

    /// <summary>Floats.</summary>
    public int Length { get; }

    /// <summary>To be written only by who rented it, before it is published (P5).</summary>
    public Span<float> Values => Buffer is null ? [] : Buffer.Values.AsSpan(Offset, Length);

    /// <inheritdoc cref="Values"/>
    public Memory<float> Memory => Buffer is null ? default : Buffer.Values.AsMemory(Offset, Length);

    internal TensorBuffer? Buffer { get; }

    internal long Id { get; }

    internal int Offset { get; }

    /// <summary>Makes the tensor openable by ticket, and immutable.</summary>
    public Ticket Publish() => Held().Store.Publish(this);

    /// <summary>A second reference to the same stretch, to be released on its own.</summary>
    public TensorLease Share() => Held().Store.Share(this);

    /// <summary>Gives the reference back; with the last one the buffer returns to the pool.</summary>
    /// <exception cref="ObjectDisposedException">All references were given back before.</exception>
    public void Release() => Buffer?.Store.Release(this);

    private TensorBuffer Held() => Buffer ?? throw new InvalidOperationException("the lease holds no tensor");
}
