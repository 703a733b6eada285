using System.Net;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Gateway.Access;
using ActorTrainer.Gateway.Datasets;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Gateway.Jobs;
using ActorTrainer.Gateway.Machines;
using ActorTrainer.Gateway.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ActorTrainer.Gateway.Hosting;

/// <summary>Starts the public door of a node: gRPC over HTTP/2, with TLS where the node has certificates, else on loopback only.</summary>
public static class GatewayHost
{
    private const int MaxResponseBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan KeepAliveDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Listens, and says where in the data directory (<see cref="GatewayEndpoint"/>).</summary>
    /// <exception cref="NodeStartException">The address is not loopback, the port is taken, or the token's file is no secret.</exception>
    public static Task<RunningGateway> StartAsync(GatewayOptions options, TrainingNode node, CancellationToken cancellation = default) =>
        StartAsync(options, GatewayNode.Of(node), cancellation);

    /// <summary>The same for a node that is starting: what needs no node is done meanwhile.</summary>
    /// <param name="starting">If it fails, so does this, with the same exception; if this fails, it is the caller's to stop.</param>
    /// <inheritdoc cref="StartAsync(GatewayOptions, TrainingNode, CancellationToken)"/>
    public static Task<RunningGateway> StartAsync(GatewayOptions options, Task<TrainingNode> starting, CancellationToken cancellation = default)
    {
        return StartAsync(options, NodeAsync(), cancellation);

        async Task<GatewayNode> NodeAsync() => GatewayNode.Of(await starting);
    }

    internal static Task<RunningGateway> StartAsync(GatewayOptions options, GatewayNode node, CancellationToken cancellation) =>
        StartAsync(options, Task.FromResult(node), cancellation);

    private static async Task<RunningGateway> StartAsync(GatewayOptions options, Task<GatewayNode> starting, CancellationToken cancellation)
    {
        if (options.Port is < 0 or > IPEndPoint.MaxPort)
        {
            throw new NodeStartException($"The gateway's port is {options.Port}; it must be from 0 (any free one) to {IPEndPoint.MaxPort}.");
        }

        var stop = new StopSignal();
        var late = new LateParts();
        var building = Task.Run(() => Build(options, late, stop), CancellationToken.None);
        GatewayNode node;
        try
        {
            node = late.Node = await starting;
            RequireSecrecy(options, node);
            late.Token = ReadToken(options, node.DataDirectory);
        }
        catch
        {
            await (await building).DisposeAsync();
            stop.Dispose();
            throw;
        }

        var web = await building;
        try
        {
            Listen(web, options, node.Trust);
            await web.StartAsync(cancellation);
            var endpoint = new GatewayEndpoint(Reachable(new Uri(web.Urls.Single())), Environment.ProcessId, TimeProvider.System.GetUtcNow())
            {
                Authority = node.AuthorityFile,
                Name = node.Trust is null ? null : node.Name,
                TokenFile = options.TokenFile is null ? null : Path.GetFullPath(options.TokenFile),
            };
            endpoint.Write(node.DataDirectory);
            return new RunningGateway(web, stop, endpoint, node.DataDirectory, TimeSpan.FromSeconds(options.StopSeconds));
        }
        catch (Exception failure)
        {
            await web.DisposeAsync();
            stop.Dispose();
            if (failure is OperationCanceledException)
            {
                throw;
            }

            throw new NodeStartException(
                $"The gateway cannot listen on {new IPEndPoint(options.Address, options.Port)}: {(failure.InnerException ?? failure).Message}", failure);
        }
    }

    private static void RequireSecrecy(GatewayOptions options, GatewayNode node)
    {
        if (IPAddress.IsLoopback(options.Address) || node.Trust is not null)
        {
            return;
        }

        if (!options.Insecure)
        {
            throw new NodeStartException(
                $"The gateway was told to listen on {options.Address}, which other machines can reach, without TLS: "
                + "tokens and data would cross the network in the open. Give the node its certificates (actortrainer certs init makes them), "
                + "or listen on 127.0.0.1 or ::1; --insecure would do it all the same.");
        }

        node.Log.Notice(
            DateTime.UtcNow,
            NodeLogLevel.Warning,
            nameof(GatewayHost),
            $"INSECURE: the gateway listens on {options.Address} without TLS; whoever is on the network can read the access token and all data, and do what they want with this cluster",
            cause: null);
    }

    /// <summary>An address to be called by, on this machine, for one that means all of its addresses.</summary>
    private static Uri Reachable(Uri listening) => listening.Host switch
    {
        "0.0.0.0" => new UriBuilder(listening) { Host = "127.0.0.1" }.Uri,
        "[::]" => new UriBuilder(listening) { Host = "[::1]" }.Uri,
        _ => listening,
    };

    private static AccessToken ReadToken(GatewayOptions options, string dataDirectory)
    {
        try
        {
            return options.TokenFile is null ? AccessToken.ReadOrCreate(dataDirectory) : AccessToken.ReadFile(options.TokenFile);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new NodeStartException($"The access token cannot be used: {failure.Message}", failure);
        }
    }

    private static WebApplication Build(GatewayOptions options, LateParts late, StopSignal stop)
    {
        // The empty builder reads no settings file and no ASPNETCORE_ variable: nothing but the options decides where it listens.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "actortrainer" });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new NodeLogProvider(() => late.Node?.Log));
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options));

        var services = builder.Services;
        services.AddRouting();
        services.AddSingleton<IHostLifetime, ForeignLifetime>();
        services.AddSingleton(options).AddSingleton(_ => late.Node!).AddSingleton(_ => late.Token!).AddSingleton(stop);
        services.AddSingleton<RegistryClient>().AddSingleton<RunInspector>().AddSingleton<Watches>().AddSingleton<Uploads>().AddSingleton<Descriptions>().AddSingleton<Generations>().AddSingleton<Vocabularies>();
        services.AddSingleton<Predictions>().AddSingleton<Evaluations>().AddSingleton<ModelSchemas>().AddSingleton<ModelFiles>();
        services.AddSingleton<ErrorInterceptor>().AddSingleton<AccessInterceptor>();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.MaxRequestBytes;
            grpc.MaxSendMessageSize = MaxResponseBytes;
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.Interceptors.Add<AccessInterceptor>();
        });
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks().AddCheck("node", () =>
            late.Node!.System.WhenTerminated.IsCompleted ? HealthCheckResult.Unhealthy("the node has stopped") : HealthCheckResult.Healthy());

        var web = builder.Build();
        web.MapGrpcService<JobsService>();
        web.MapGrpcService<DatasetsService>();
        web.MapGrpcService<ModelsService>();
        web.MapGrpcService<ClusterService>();
        web.MapGrpcHealthChecksService();
        web.MapGrpcReflectionService();
        return web;
    }

    private static void Configure(KestrelServerOptions kestrel, GatewayOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.Http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;
        kestrel.Limits.Http2.KeepAlivePingDelay = KeepAliveDelay;
        kestrel.Limits.Http2.KeepAlivePingTimeout = KeepAliveTimeout;
    }

    /// <summary>Names the door when the node is there: only then is it known whether it has certificates.</summary>
    private static void Listen(WebApplication web, GatewayOptions options, NodeTrust? trust) =>
        web.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Listen(options.Address, options.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (trust is not null)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = HandshakeTimeout,
                    OnConnection = _ => ValueTask.FromResult(trust.DoorOptions()),
                });
            }
        });

    /// <summary>What is there by the time that the gateway listens, and not yet when its services are named.</summary>
    private sealed class LateParts
    {
        public GatewayNode? Node { get; set; }

        public AccessToken? Token { get; set; }
    }

    /// <summary>The program decides when to stop; the host's own lifetime would catch its signals.</summary>
    private sealed class ForeignLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
