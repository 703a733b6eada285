using ActorTrainer.Contracts.V1;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace ActorTrainer.Cli.Connections;

/// <summary>The API of a node, called with its token.</summary>
internal sealed class NodeClient : IDisposable
{
    private readonly GrpcChannel _channel;

    private static readonly TimeSpan KeepAliveDelay = TimeSpan.FromSeconds(30);

    /// <param name="authorization">The value of the header of that name.</param>
    /// <param name="identity">Who must answer; null: without TLS, or whom this machine trusts.</param>
    public NodeClient(Uri endpoint, string authorization, NodeIdentity? identity = null)
    {
        // A proxy of the environment has no business on loopback or in a cluster. A watch may be silent for
        // long, and what lies between here and another machine forgets silent connections.
        var handler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true, KeepAlivePingDelay = KeepAliveDelay };
        if (identity is not null)
        {
            handler.SslOptions = identity.Options();
        }

        _channel = GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        var calls = _channel.Intercept(headers =>
        {
            headers.Add("authorization", authorization);
            return headers;
        });
        (Jobs, Datasets, Models, Cluster) = (new(calls), new(calls), new(calls), new(calls));
    }

    public Jobs.JobsClient Jobs { get; }

    public Datasets.DatasetsClient Datasets { get; }

    public Models.ModelsClient Models { get; }

    public Contracts.V1.Cluster.ClusterClient Cluster { get; }

    public void Dispose() => _channel.Dispose();
}
