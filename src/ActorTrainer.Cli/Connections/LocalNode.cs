using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Gateway.Access;
using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Cli.Connections;

/// <summary>A node of this machine, found through its data directory: what is needed to be let in lies there too.</summary>
internal static class LocalNode
{
    /// <returns>Null: it has no token, so no node has served there yet.</returns>
    /// <exception cref="FailureException">The token, or the authority of the node's certificate, cannot be used.</exception>
    public static NodeClient? TryConnect(string dataDirectory, GatewayEndpoint found)
    {
        try
        {
            var token = found.TokenFile is null ? AccessToken.Read(dataDirectory) : AccessToken.ReadFile(found.TokenFile);
            var identity = found is { Authority: { } authority, Name: { } name } ? new NodeIdentity(TrustedAuthority.Load(authority), name) : null;
            return new NodeClient(found.Endpoint, token.Header, identity);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException or NodeStartException)
        {
            throw new FailureException(wrong.Message, wrong);
        }
    }
}
