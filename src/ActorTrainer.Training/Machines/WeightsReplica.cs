using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// One job's weights on one node: two buffers, of which one holds the newest whole version and the
/// other is being assembled or still read (P5). Safe for every thread: the node's core writes, its
/// workers and whoever wants to look at the model lease.
/// </summary>
public sealed class WeightsReplica : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Buffer[] _buffers;
    private bool _disposed;

    /// <param name="spec">The network whose weights these are.</param>
    public WeightsReplica(NetworkSpec spec) => _buffers = [new Buffer(new NetworkWeights(spec)), new Buffer(new NetworkWeights(spec))];

    /// <summary>A lease of exactly this version; false if it is not whole here.</summary>
    public bool TryLease(Epoch epoch, long version, out WeightsLease lease) =>
        TryLease(buffer => buffer.Epoch == epoch && buffer.Version == version, out lease);

    /// <summary>A lease of the newest whole version; false while there is none.</summary>
    public bool TryLeaseNewest(out WeightsLease lease)
    {
        lock (_lock)
        {
            var newest = Newest();
            return TryLease(buffer => buffer == newest, out lease);
        }
    }

    /// <summary>Frees both buffers once their last lease is released.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var buffer in _buffers)
            {
                buffer.Whole = false;
                DisposeIfIdle(buffer);
            }
        }
    }

    /// <summary>The buffer to assemble the next version in: not the newest whole one, and read by nobody.</summary>
    internal NetworkWeights? TryBegin()
    {
        lock (_lock)
        {
            var newest = Newest();
            foreach (var buffer in _buffers)
            {
                if (!_disposed && buffer != newest && buffer.Leases == 0)
                {
                    buffer.Whole = false;
                    return buffer.Weights;
                }
            }

            return null;
        }
    }

    /// <summary>The buffer got from <see cref="TryBegin"/> now holds a whole version.</summary>
    internal void Finish(NetworkWeights weights, Epoch epoch, long version)
    {
        lock (_lock)
        {
            var buffer = _buffers[0].Weights == weights ? _buffers[0] : _buffers[1];
            weights.Changed();
            (buffer.Epoch, buffer.Version, buffer.Whole) = (epoch, version, true);
        }
    }

    internal void Release(Buffer buffer)
    {
        lock (_lock)
        {
            if (buffer.Leases == 0)
            {
                throw new ObjectDisposedException(nameof(WeightsLease), "the lease was released before");
            }

            buffer.Leases--;
            DisposeIfIdle(buffer);
        }
    }

    private bool TryLease(Func<Buffer, bool> wanted, out WeightsLease lease)
    {
        lock (_lock)
        {
            foreach (var buffer in _buffers)
            {
                if (buffer.Whole && wanted(buffer))
                {
                    buffer.Leases++;
                    lease = new WeightsLease(this, buffer);
                    return true;
                }
            }
        }

        lease = default;
        return false;
    }

    private Buffer? Newest()
    {
        Buffer? newest = null;
        foreach (var buffer in _buffers)
        {
            if (buffer.Whole && (newest is null || buffer.Epoch.IsNewerThan(newest.Epoch)
                || (buffer.Epoch == newest.Epoch && buffer.Version > newest.Version)))
            {
                newest = buffer;
            }
        }

        return newest;
    }

    private void DisposeIfIdle(Buffer buffer)
    {
        if (_disposed && buffer.Leases == 0)
        {
            buffer.Weights.Dispose();
        }
    }

    internal sealed class Buffer(NetworkWeights weights)
    {
        public NetworkWeights Weights { get; } = weights;

        public Epoch Epoch { get; set; }

        public long Version { get; set; }

        public bool Whole { get; set; }

        public int Leases { get; set; }
    }
}

/// <summary>One reader's hold on a whole version of the weights, which nobody writes meanwhile. Released exactly once.</summary>
public readonly record struct WeightsLease
{
    private readonly WeightsReplica? _replica;
    private readonly WeightsReplica.Buffer? _buffer;

    internal WeightsLease(WeightsReplica replica, WeightsReplica.Buffer buffer) => (_replica, _buffer) = (replica, buffer);

    public NetworkWeights Weights => _buffer?.Weights ?? throw new InvalidOperationException("the lease holds no weights");

    /// <summary>Training steps applied.</summary>
    public long Version => _buffer?.Version ?? throw new InvalidOperationException("the lease holds no weights");

    public void Release() => _replica?.Release(_buffer!);
}
