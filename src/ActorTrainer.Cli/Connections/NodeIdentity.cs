using System.Net.Security;
using ActorTrainer.Cluster.Trust;

namespace ActorTrainer.Cli.Connections;

/// <summary>Looks at the certificate of the node that answers, and keeps what was wrong with it.</summary>
/// <param name="name">That the certificate must bear.</param>
internal sealed class NodeIdentity(TrustedAuthority authority, string name)
{
    /// <summary>Why the node was not believed, as the end of a sentence; empty: it was, or nobody has answered yet.</summary>
    public string Refusal { get; private set; } = "";

    /// <summary>For an HTTP client, which names the host of its address itself: ours is the name that counts.</summary>
    public SslClientAuthenticationOptions Options()
    {
        var options = authority.ClientOptions(name);
        options.RemoteCertificateValidationCallback = (_, shown, _, _) =>
        {
            var believed = authority.Accepts(shown, CertificateUse.Server, name, out var reason);
            Refusal = reason;
            return believed;
        };
        return options;
    }
}
