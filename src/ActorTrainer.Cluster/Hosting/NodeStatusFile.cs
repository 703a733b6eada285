namespace ActorTrainer.Cluster.Hosting;

/// <summary>Writes a node's status now and again, from a thread of the pool: if the pool does not come to it, the node is as good as dead.</summary>
/// <remarks>A status that cannot be written must not stop the training.</remarks>
internal sealed class NodeStatusFile : IDisposable
{
    public const int IntervalSeconds = 2;

    private readonly string _directory;
    private readonly NodeStatus _first;
    private readonly Func<int> _nodes;
    private readonly Lock _writing = new();
    private readonly Timer _timer;
    private NodeState _state = NodeState.Starting;

    /// <param name="nodes">Members of the cluster.</param>
    public NodeStatusFile(string directory, NodeStatus first, Func<int> nodes)
    {
        (_directory, _first, _nodes) = (directory, first, nodes);
        var interval = TimeSpan.FromSeconds(IntervalSeconds);
        Write();
        _timer = new Timer(_ => Write(), null, interval, interval);
    }

    /// <summary>As it is now.</summary>
    public NodeStatus Current
    {
        get
        {
            lock (_writing)
            {
                return _first with { State = _state, Nodes = _state == NodeState.Starting ? 0 : _nodes(), Heartbeat = TimeProvider.System.GetUtcNow() };
            }
        }
    }

    public void Become(NodeState state)
    {
        lock (_writing)
        {
            _state = state;
        }

        Write();
    }

    /// <summary>Says that the node has stopped.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Become(NodeState.Stopped);
    }

    private void Write()
    {
        lock (_writing)
        {
            try
            {
                Current.Write(_directory);
            }
            catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
            {
            }
        }
    }
}
