using ActorTrainer.Contracts.V1;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace ActorTrainer.Cli.Connections;

/// <summary>The API of a node, called with its token.</summary>
internal sealed class NodeClient : IDisposable
{
    private readonly GrpcChannel _channel;

    /// <param name="authorization">The value of the header of that name.</param>
    public NodeClient(Uri endpoint, string authorization)
    {
        // A proxy of the environment has no business on loopback.
        _channel = GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true },
            DisposeHttpClient = true,
        });
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
