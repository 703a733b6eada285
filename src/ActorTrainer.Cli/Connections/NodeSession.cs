using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Contracts.V1;
using ActorTrainer.Gateway.Access;
using ActorTrainer.Gateway.Hosting;
using Grpc.Core;

namespace ActorTrainer.Cli.Connections;

/// <summary>A node to talk to: one elsewhere, the one that runs in the data directory, or one that lives as long as this session.</summary>
internal sealed class NodeSession : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long somebody else may take to start or stop in the same directory.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly EmbeddedNode? _embedded;

    private NodeSession(DataHome home, NodeClient client, EmbeddedNode? embedded) =>
        (Home, Client, _embedded) = (home, client, embedded);

    public DataHome Home { get; }

    public NodeClient Client { get; }

    /// <summary>The node ends with this session.</summary>
    public bool IsEmbedded => _embedded is not null;

    /// <summary>What the user should know of the machine that this session's node computes on, or of the way to it; null: nothing, or the node has told its own user.</summary>
    public string? Warning => IsEmbedded ? EmbeddedNode.Warning : Home.Remote?.Warning;

    /// <summary>What the node of this session has to say; null where the node has a process of its own.</summary>
    public NodeLog? Log => _embedded?.Log;

    /// <summary>The node elsewhere, or the one that runs in the data directory.</summary>
    /// <exception cref="FailureException">None does.</exception>
    public static async Task<NodeSession> AttachAsync(DataHome home, CancellationToken cancellation) =>
        await TryAttachAsync(home, cancellation) ?? throw new FailureException(
            $"no node runs in {home.Path}; start one with: {ProgramName.Here} up{home.Option}");

    /// <summary>The node elsewhere, or the one that runs in the data directory, or a new one there.</summary>
    /// <exception cref="NodeStartException">It cannot be started.</exception>
    /// <exception cref="FailureException">The node elsewhere cannot be used.</exception>
    public static async Task<NodeSession> OpenAsync(DataHome home, CancellationToken cancellation)
    {
        for (var deadline = DateTime.UtcNow + Patience; ;)
        {
            if (await TryAttachAsync(home, cancellation) is { } attached)
            {
                return attached;
            }

            try
            {
                var node = await EmbeddedNode.StartAsync(
                    new NodeOptions { DataDirectory = home.Path }, new GatewayOptions(), cancellation);
                return new NodeSession(home, node.Connect(), node);
            }
            catch (DataDirectoryInUseException) when (DateTime.UtcNow < deadline)
            {
                // Somebody holds the directory and does not serve: it is starting, or stopping.
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            }
        }
    }

    /// <summary>As <see cref="OpenAsync"/>, for what needs jobs that are there already.</summary>
    /// <exception cref="UsageException">No node has ever run in the data directory.</exception>
    public static Task<NodeSession> OpenExistingAsync(DataHome home, CancellationToken cancellation) =>
        home.Remote is not null || File.Exists(Path.Combine(home.Path, AccessToken.FileName))
            ? OpenAsync(home, cancellation)
            : throw new UsageException($"there are no jobs in {home.Path}: no node has run there yet");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    private static async Task<NodeSession?> TryAttachAsync(DataHome home, CancellationToken cancellation)
    {
        if (home.Remote is { } remote)
        {
            return new NodeSession(home, await RemoteConnection.OpenAsync(remote, cancellation), embedded: null);
        }

        if (GatewayEndpoint.Find(home.Path) is not { } found || LocalNode.TryConnect(home.Path, found) is not { } client)
        {
            return null;
        }

        try
        {
            await client.Cluster.GetClusterAsync(
                new GetClusterRequest(), deadline: DateTime.UtcNow + AnswerTimeout, cancellationToken: cancellation);
            return new NodeSession(home, client, embedded: null);
        }
        catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            // A killed node's file whose process number somebody else has by now, or a node that is going.
            client.Dispose();
            return null;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
