using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace ActorTrainer.Gateway.Tests;

/// <summary>How a test reaches a gateway.</summary>
internal static class Channels
{
    /// <summary>A connection of its own; a proxy of the environment has no business on loopback.</summary>
    public static GrpcChannel Open(Uri endpoint) => GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler { UseProxy = false },
        DisposeHttpClient = true,
    });

    /// <summary>Calls that carry the header; null: none.</summary>
    public static CallInvoker With(this GrpcChannel channel, string? authorization) => channel.Intercept(headers =>
    {
        if (authorization is not null)
        {
            headers.Add("authorization", authorization);
        }

        return headers;
    });
}
