namespace ActorTrainer.Cluster.Hosting;

/// <summary>What a node must give back when it stops, or could not start: in the reverse of the order in which it came to it.</summary>
internal sealed class NodeResources : IAsyncDisposable
{
    private readonly Stack<object> _held = new();

    /// <param name="resource">An <see cref="IDisposable"/> or <see cref="IAsyncDisposable"/>.</param>
    public T Hold<T>(T resource)
        where T : class
    {
        _held.Push(resource);
        return resource;
    }

    public async ValueTask DisposeAsync()
    {
        while (_held.TryPop(out var resource))
        {
            if (resource is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync();
            }
            else
            {
                ((IDisposable)resource).Dispose();
            }
        }
    }
}
