using System.Security.Cryptography.X509Certificates;
using ActorTrainer.Contracts.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace ActorTrainer.EndToEnd.Tests.Clusters;

/// <summary>
/// The API of a cluster whose gateways may be killed at any moment: every call is made again, with the
/// same request id, until somebody answers.
/// </summary>
internal sealed class ClusterClient : IDisposable
{
    /// <summary>Longest wait for anything: it is there for hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly GrpcChannel _channel;

    /// <param name="token">Of the gateway.</param>
    /// <param name="authority">PEM file of the one authority that is believed; null: without TLS.</param>
    public ClusterClient(Uri endpoint, string token, string? authority)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            EnableMultipleHttp2Connections = true,

            // A gateway that stands still keeps its connections.
            KeepAlivePingDelay = TimeSpan.FromSeconds(2),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        if (authority is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(authority));
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        _channel = GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,

            // A gateway that was killed is back before the default, which grows to two minutes, would look for it.
            InitialReconnectBackoff = RetryPause,
            MaxReconnectBackoff = RetryPause,
        });
        var calls = _channel.Intercept(headers =>
        {
            headers.Add("authorization", $"Bearer {token}");
            return headers;
        });
        (Jobs, Cluster) = (new(calls), new(calls));
    }

    public Jobs.JobsClient Jobs { get; }

    public Contracts.V1.Cluster.ClusterClient Cluster { get; }

    /// <summary>The job once its submission was acknowledged.</summary>
    public Task<Job> SubmitAsync(string id, JobSpec spec)
    {
        var request = new SubmitJobRequest { RequestId = Guid.NewGuid().ToString("n"), JobId = id, Spec = spec };
        return CallAsync(deadline => Jobs.SubmitJobAsync(request, deadline: deadline));
    }

    public Task<Job> GetAsync(string id) => CallAsync(deadline => Jobs.GetJobAsync(new GetJobRequest { JobId = id }, deadline: deadline));

    public Task<Job> PauseAsync(string id) => CallAsync(
        deadline => Jobs.PauseJobAsync(new PauseJobRequest { JobId = id }, deadline: deadline));

    public Task<Job> ResumeAsync(string id) => CallAsync(
        deadline => Jobs.ResumeJobAsync(new ResumeJobRequest { JobId = id }, deadline: deadline));

    public Task<Job> CancelAsync(string id) => CallAsync(
        deadline => Jobs.CancelJobAsync(new CancelJobRequest { JobId = id }, deadline: deadline));

    /// <summary>The members, once they are as wanted.</summary>
    public async Task<ClusterInfo> MembersAsync(Func<ClusterInfo, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var info = await CallAsync(deadline => Cluster.GetClusterAsync(new GetClusterRequest(), deadline: deadline));
            if (wanted(info))
            {
                return info;
            }

            await Task.Delay(RetryPause, patience.Token);
        }
    }

    public async Task<T> CallAsync<T>(Func<DateTime, AsyncUnaryCall<T>> call)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                return await call(DateTime.UtcNow + AnswerTimeout);
            }
            catch (RpcException failure) when (IsPassing(failure) && DateTime.UtcNow < deadline)
            {
                await Task.Delay(RetryPause);
            }
        }
    }

    public void Dispose() => _channel.Dispose();

    /// <summary>Whether the same call may succeed later.</summary>
    public static bool IsPassing(RpcException failure) => failure.StatusCode
        is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Aborted or StatusCode.Internal or StatusCode.Unknown;
}
