using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cluster.Trust;

/// <summary>
/// Who a node is and whom it believes: its certificate with its key, and the cluster's authority. Both sides
/// of a connection between nodes show a certificate; the one that calls also checks the name of the other.
/// </summary>
public sealed class NodeTrust : IDisposable
{
    /// <summary>The authority's certificate, in a node's directory.</summary>
    public const string AuthorityFile = "ca.pem";

    /// <summary>The node's certificate.</summary>
    public const string CertificateFile = "node.pem";

    /// <summary>The node's private key: nobody else's to read.</summary>
    public const string KeyFile = "node-key.pem";

    private readonly SslStreamCertificateContext _context;

    private NodeTrust(TrustedAuthority authority, X509Certificate2 certificate)
    {
        (Authority, Certificate) = (authority, certificate);

        // Offline: no chain is looked for on the network, the other side has the authority.
        _context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }

    /// <summary>The only issuer that is believed.</summary>
    public TrustedAuthority Authority { get; }

    /// <summary>The node's own, with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Reads <see cref="AuthorityFile"/>, <see cref="CertificateFile"/> and <see cref="KeyFile"/>.</summary>
    /// <param name="clock">Says what has expired; the system's unless another is given.</param>
    /// <exception cref="NodeStartException">One is missing, unreadable or no secret; they do not belong together; or the certificate is out of date.</exception>
    public static NodeTrust Load(string directory, TimeProvider? clock = null)
    {
        var authority = TrustedAuthority.Load(Path.Combine(directory, AuthorityFile), clock);
        X509Certificate2? certificate = null;
        try
        {
            certificate = LoadCertificate(directory);
            return authority.Accepts(certificate, CertificateUse.Server, host: null, out var reason)
                && authority.Accepts(certificate, CertificateUse.Client, host: null, out reason)
                ? new NodeTrust(authority, certificate)
                : throw new NodeStartException($"This node cannot show what is in {directory}: {reason}. Make it a new one with: actortrainer certs init");
        }
        catch
        {
            certificate?.Dispose();
            authority.Dispose();
            throw;
        }
    }

    /// <summary>For those that are called: the caller must show a certificate of our authority.</summary>
    public SslServerAuthenticationOptions ServerOptions() => new()
    {
        ServerCertificateContext = _context,
        ClientCertificateRequired = true,
        EnabledSslProtocols = TrustedAuthority.Protocols,
        CertificateChainPolicy = Authority.Policy(CertificateUse.Client),
        AllowRenegotiation = false,

        // A resumed session would not be asked for its certificate again; connections here live long.
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = (_, shown, _, _) => Authority.Accepts(shown, CertificateUse.Client, host: null, out var _),
    };

    /// <summary>For the gateway: it shows the node's certificate, and its clients show a token and none.</summary>
    public SslServerAuthenticationOptions DoorOptions() => new()
    {
        ServerCertificateContext = _context,
        ClientCertificateRequired = false,
        EnabledSslProtocols = TrustedAuthority.Protocols,
        AllowRenegotiation = false,
        ApplicationProtocols = [SslApplicationProtocol.Http2],
    };

    /// <summary>For those that call: they show the node's certificate, and the one called must bear the name.</summary>
    /// <param name="host">DNS name or IP address as it was called.</param>
    public SslClientAuthenticationOptions ClientOptions(string host)
    {
        var options = Authority.ClientOptions(host);
        options.ClientCertificateContext = _context;
        return options;
    }

    /// <summary>Whether a node that shows this is one of ours.</summary>
    /// <param name="certificate">Null: it showed none.</param>
    /// <param name="host">The name it was called by; null: it is the caller.</param>
    /// <param name="reason">Why not, as the end of a sentence; empty if it is.</param>
    public bool Accepts(X509Certificate? certificate, string? host, out string reason) =>
        Authority.Accepts(certificate, host is null ? CertificateUse.Client : CertificateUse.Server, host, out reason);

    /// <summary>Makes sure that others can call this node by the name that it tells them.</summary>
    /// <exception cref="NodeStartException">Its certificate does not bear it.</exception>
    public void RequireName(string host)
    {
        if (!Certificate.MatchesHostname(host, allowWildcards: false, allowCommonName: false))
        {
            throw new NodeStartException(
                $"Other nodes are to call this one by the name {host}, which its certificate {Certificate.Subject} does not bear; it is for {string.Join(", ", CertificateNames.Of(Certificate))}.");
        }
    }

    /// <summary>A sentence when the certificate ends within <see cref="CertificateAuthority.RenewalDays"/>; else null.</summary>
    public string? Warning(TimeProvider clock)
    {
        var left = Certificate.NotAfter.ToUniversalTime() - clock.GetUtcNow();
        return left < TimeSpan.FromDays(CertificateAuthority.RenewalDays)
            ? $"The certificate {Certificate.Subject} of this node ends on {CertificateDates.Day(Certificate.NotAfter)}, in {(int)left.TotalDays} days; "
                + "from then on no other node will talk to it. Make it a new one with actortrainer certs init, and start the node again."
            : null;
    }

    public void Dispose()
    {
        Certificate.Dispose();
        Authority.Dispose();
    }

    private static X509Certificate2 LoadCertificate(string directory)
    {
        var key = Path.Combine(directory, KeyFile);
        try
        {
            PrivateFiles.RequireSecret(key);
            var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(directory, CertificateFile), key);
            if (!OperatingSystem.IsWindows())
            {
                return certificate;
            }

            // TLS on Windows cannot use a key that only this process holds.
            using (certificate)
            {
                return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or InvalidDataException)
        {
            throw new NodeStartException($"The node's certificate in {directory} cannot be used: {failure.Message}", failure);
        }
    }
}
