using System.Numerics;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Training.Tensors;

/// <summary>
/// The float buffers of a process: pooled by size, reference-counted, passed between parties by
/// <see cref="Ticket"/>. Safe for every thread. In steady state nothing is allocated: what is released
/// is rented again.
/// </summary>
/// <remarks>
/// P5: a published buffer is immutable; a party that opens a ticket holds a reference of its own and
/// gives it back by an explicit release. Nothing is freed by a finalizer: whoever forgets a lease shows
/// in <see cref="LeasedBuffers"/>.
/// </remarks>
public sealed class TensorStore
{
    // Four classes for each doubling: at most a quarter of a buffer is slack.
    private const int ClassesPerDoubling = 4;
    private const int SmallestLength = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, TensorBuffer> _published = [];
    private readonly Dictionary<int, Stack<TensorBuffer>> _free = [];
    private readonly Func<long>? _ids;
    private long _lastId;
    private int _leased;
    private long _allocatedFloats;

    /// <param name="node">Whose store it is: it opens only tickets of this node.</param>
    /// <param name="maximumFloats">Bound on all floats the store ever holds at once, rented or pooled.</param>
    /// <param name="ids">
    /// The next tensor's id; null: 1, 2, 3. Called by one thread at a time. Where other processes can ask for
    /// tensors it must not be guessed, since knowing an id is the right to read.
    /// </param>
    public TensorStore(NodeId node, long maximumFloats = 1L << 33, Func<long>? ids = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumFloats);
        (Node, MaximumFloats, _ids) = (node, maximumFloats, ids);
    }

    /// <summary>Whose store it is; stands in every ticket of it.</summary>
    public NodeId Node { get; }

    public long MaximumFloats { get; }

    /// <summary>Buffers that somebody holds a lease of.</summary>
    public int LeasedBuffers
    {
        get
        {
            lock (_lock)
            {
                return _leased;
            }
        }
    }

    /// <summary>Floats of all buffers, leased or pooled.</summary>
    public long AllocatedFloats
    {
        get
        {
            lock (_lock)
            {
                return _allocatedFloats;
            }
        }
    }

    /// <summary>A buffer of at least the length for the caller alone, to be written and then published or released. Its contents are anything.</summary>
    /// <exception cref="TensorStoreFullException">The bound is reached, even after the pool was emptied.</exception>
    public TensorLease Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var capacity = CapacityFor(length);
        lock (_lock)
        {
            TensorBuffer buffer;
            if (_free.TryGetValue(capacity, out var stack) && stack.Count > 0)
            {
                buffer = stack.Pop();
            }
            else
            {
                if (_allocatedFloats + capacity > MaximumFloats)
                {
                    DropPool();
                }

                if (_allocatedFloats + capacity > MaximumFloats)
                {
                    throw new TensorStoreFullException(length, _allocatedFloats, MaximumFloats);
                }

                buffer = new TensorBuffer(this, capacity);
                _allocatedFloats += capacity;
            }

            buffer.Id = NextId();
            buffer.Length = length;
            buffer.References = 1;
            _leased++;
            return new TensorLease(buffer, buffer.Id, 0, length);
        }
    }

    /// <summary>A new reference to what a ticket names; false if the tensor is gone or the ticket is none of this store's.</summary>
    public bool TryOpen(Ticket ticket, out TensorLease lease)
    {
        lock (_lock)
        {
            if (ticket.Node == Node && _published.TryGetValue(ticket.TensorId, out var buffer)
                && ticket.Offset >= 0 && ticket.Length >= 0 && ticket.Offset + (long)ticket.Length <= buffer.Length)
            {
                buffer.References++;
                lease = new TensorLease(buffer, buffer.Id, ticket.Offset, ticket.Length);
                return true;
            }
        }

        lease = default;
        return false;
    }

    internal Ticket Publish(TensorLease lease)
    {
        lock (_lock)
        {
            RequireHeld(lease);
            _published[lease.Id] = lease.Buffer!;
            return new Ticket(Node, lease.Id, lease.Offset, lease.Length);
        }
    }

    internal TensorLease Share(TensorLease lease)
    {
        lock (_lock)
        {
            RequireHeld(lease);
            lease.Buffer!.References++;
            return lease;
        }
    }

    internal void Release(TensorLease lease)
    {
        lock (_lock)
        {
            RequireHeld(lease);
            var buffer = lease.Buffer!;
            if (--buffer.References > 0)
            {
                return;
            }

            _published.Remove(buffer.Id);
            buffer.Id = 0;
            _leased--;
            if (!_free.TryGetValue(buffer.Values.Length, out var stack))
            {
                _free.Add(buffer.Values.Length, stack = new Stack<TensorBuffer>());
            }

            stack.Push(buffer);
        }
    }

    private static void RequireHeld(TensorLease lease)
    {
        if (lease.Buffer!.Id != lease.Id || lease.Buffer.References < 1)
        {
            throw new ObjectDisposedException(nameof(TensorLease), $"tensor {lease.Id} was released before");
        }
    }

    private static int CapacityFor(int length)
    {
        if (length <= SmallestLength)
        {
            return SmallestLength;
        }

        // length in (2^k, 2^(k+1)], rounded up to a multiple of 2^k / 4.
        var grain = (1 << BitOperations.Log2((uint)(length - 1))) / ClassesPerDoubling;
        return (int)Math.Min(((length + (long)grain - 1) / grain) * grain, Array.MaxLength);
    }

    private long NextId()
    {
        if (_ids is null)
        {
            return ++_lastId;
        }

        // 0 is what lies in the pool, and two tensors of one id would be one.
        long id;
        do
        {
            id = _ids();
        }
        while (id == 0 || _published.ContainsKey(id));
        return id;
    }

    private void DropPool()
    {
        foreach (var (capacity, stack) in _free)
        {
            _allocatedFloats -= (long)capacity * stack.Count;
            stack.Clear();
        }
    }
}

/// <summary>The store's bound is reached.</summary>
public sealed class TensorStoreFullException(int length, long held, long maximum)
    : Exception($"no room for {length} floats: {held} of at most {maximum} are held");

/// <summary>One pooled array and how many hold it.</summary>
internal sealed class TensorBuffer(TensorStore store, int capacity)
{
    public TensorStore Store { get; } = store;

    public float[] Values { get; } = GC.AllocateUninitializedArray<float>(capacity);

    /// <summary>A new one at each rent, 0 in the pool: a lease that outlived its release is found out.</summary>
    public long Id { get; set; }

    /// <summary>Floats that were rented: what lies beyond them belongs to nobody who could be asked.</summary>
    public int Length { get; set; }

    public int References { get; set; }
}
