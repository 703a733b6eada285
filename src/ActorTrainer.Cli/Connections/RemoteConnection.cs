using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Contracts.V1;
using ActorTrainer.Gateway.Access;
using Grpc.Core;

namespace ActorTrainer.Cli.Connections;

/// <summary>The way to a node elsewhere: it must be who it says, and let us in, before anything is sent to it.</summary>
internal static class RemoteConnection
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    /// <exception cref="FailureException">It does not answer, is not believed, or does not let us in; the message says which.</exception>
    public static async Task<NodeClient> OpenAsync(RemoteNode remote, CancellationToken cancellation)
    {
        var token = ReadToken(remote);
        var identity = ReadAuthority(remote);
        var client = new NodeClient(remote.Endpoint, token.Header, identity);
        try
        {
            await client.Cluster.GetClusterAsync(
                new GetClusterRequest(), deadline: DateTime.UtcNow + AnswerTimeout, cancellationToken: cancellation);
            return client;
        }
        catch (RpcException failure) when (failure.StatusCode != StatusCode.Cancelled || !cancellation.IsCancellationRequested)
        {
            client.Dispose();
            throw new FailureException(Explain(remote, identity, failure), failure);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static string Explain(RemoteNode remote, NodeIdentity? identity, RpcException failure)
    {
        var place = remote.Endpoint.GetLeftPart(UriPartial.Authority);
        if (identity is { Refusal.Length: > 0 })
        {
            return $"{place} is not believed to be a node of your cluster: {identity.Refusal}; the authority is that of {remote.AuthorityFile}";
        }

        return failure.StatusCode switch
        {
            StatusCode.Unauthenticated => $"{place} does not let you in: the token in {remote.TokenFile} is not its own",
            StatusCode.DeadlineExceeded => $"{place} does not answer within {AnswerTimeout.TotalSeconds} s",
            _ => $"no node answers at {place}: {Innermost(failure)}",
        };
    }

    /// <summary>Of a chain of failures the last one says what happened, the others only where.</summary>
    private static string Innermost(RpcException failure) =>
        failure.Status.DebugException is { } cause ? cause.GetBaseException().Message : failure.Status.Detail;

    private static AccessToken ReadToken(RemoteNode remote)
    {
        try
        {
            return AccessToken.ReadFile(remote.TokenFile);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"no token for {remote.Endpoint.GetLeftPart(UriPartial.Authority)}: {wrong.Message}", wrong);
        }
    }

    private static NodeIdentity? ReadAuthority(RemoteNode remote)
    {
        try
        {
            return remote.AuthorityFile is { } file && remote.Endpoint.Scheme == Uri.UriSchemeHttps
                ? new NodeIdentity(TrustedAuthority.Load(file), remote.Endpoint.Host.Trim('[', ']'))
                : null;
        }
        catch (NodeStartException wrong)
        {
            throw new FailureException(wrong.Message, wrong);
        }
    }
}
