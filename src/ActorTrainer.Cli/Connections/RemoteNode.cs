using System.Net;

namespace ActorTrainer.Cli.Connections;

/// <summary>A node's gateway on another machine, and by what client and node know each other.</summary>
/// <param name="Endpoint">For example https://gateway:7700.</param>
/// <param name="AuthorityFile">The cluster's ca.pem; null: whom this machine trusts anyway.</param>
/// <param name="TokenFile">The access token.</param>
internal sealed record RemoteNode(Uri Endpoint, string? AuthorityFile, string TokenFile)
{
    public const string EndpointVariable = "ACTORTRAINER_ENDPOINT";
    public const string AuthorityVariable = "ACTORTRAINER_CA";
    public const string TokenVariable = "ACTORTRAINER_TOKEN_FILE";

    /// <summary>What its user should know of the way there; null: nothing.</summary>
    public string? Warning => Endpoint.Scheme == Uri.UriSchemeHttp && !IsLoopback(Endpoint)
        ? $"warning: {Endpoint.GetLeftPart(UriPartial.Authority)} has no TLS; the token and all data cross the network in the open"
        : null;

    /// <summary>What the options say, else what the variables say.</summary>
    /// <returns>Null: no endpoint is named.</returns>
    /// <exception cref="UsageException">The endpoint is none, or no token is named for it.</exception>
    public static RemoteNode? Choose(string? endpoint, string? authority, string? token, Func<string, string?> variable)
    {
        if (First(endpoint, EndpointVariable) is not { } text)
        {
            var lone = authority is not null ? "--ca" : token is not null ? "--token-file" : null;
            return lone is null ? null : throw new UsageException($"{lone} is for a node elsewhere; name it with --endpoint https://host:port");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
        {
            throw new UsageException($"the endpoint is '{text}'; it must be https://host:port");
        }

        return new RemoteNode(
            uri,
            First(authority, AuthorityVariable),
            First(token, TokenVariable) ?? throw new UsageException(
                $"no token for {text}: name the file that holds it with --token-file or ${TokenVariable}"));

        string? First(string? option, string name) =>
            option ?? (variable(name) is { Length: > 0 } value ? value : null);
    }

    private static bool IsLoopback(Uri endpoint) =>
        endpoint.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(endpoint.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
