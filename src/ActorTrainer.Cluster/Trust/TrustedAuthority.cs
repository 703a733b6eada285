using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cluster.Trust;

/// <summary>
/// The certificate authority of a cluster, and nobody else: what the operating system trusts does not count.
/// </summary>
/// <remarks>The file may hold several certificates, so that an authority can be replaced while both are believed.</remarks>
public sealed class TrustedAuthority : IDisposable
{
    /// <summary>Nothing older: TLS 1.0 and 1.1 are broken, and a wish of the operating system does not bring them back.</summary>
    public const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    internal const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    internal const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection _roots;
    private readonly TimeProvider _clock;

    private TrustedAuthority(X509Certificate2Collection roots, TimeProvider clock) => (_roots, _clock) = (roots, clock);

    /// <summary>Reads the authority's certificates of a PEM file.</summary>
    /// <param name="clock">Says what has expired; the system's unless another is given.</param>
    /// <exception cref="NodeStartException">There is no such file, or it holds no certificate.</exception>
    public static TrustedAuthority Load(string path, TimeProvider? clock = null)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(File.ReadAllText(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new NodeStartException($"The certificate authority {path} cannot be read: {failure.Message}", failure);
        }

        return roots.Count > 0
            ? new TrustedAuthority(roots, clock ?? TimeProvider.System)
            : throw new NodeStartException($"{path} holds no certificate; it must be the authority's, in PEM form (BEGIN CERTIFICATE).");
    }

    /// <summary>Whether the other side of a connection is one of ours.</summary>
    /// <param name="certificate">What it showed; null: nothing.</param>
    /// <param name="host">The DNS name or IP address it was called by; null: it is the caller, or its name is not known.</param>
    /// <param name="reason">Why not, as the end of a sentence; empty if it is.</param>
    public bool Accepts(X509Certificate? certificate, CertificateUse use, string? host, out string reason)
    {
        if (certificate is null)
        {
            reason = "it showed no certificate";
            return false;
        }

        using var copy = certificate is X509Certificate2 ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        var shown = copy ?? (X509Certificate2)certificate;
        reason = WhatIsWrong(shown, use, host);
        return reason.Length == 0;
    }

    /// <summary>How a client without a certificate of its own calls a node: the program and its gateway.</summary>
    /// <param name="host">DNS name or IP address that the node's certificate must bear.</param>
    public SslClientAuthenticationOptions ClientOptions(string host) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = Protocols,
        CertificateChainPolicy = Policy(CertificateUse.Server),
        AllowTlsResume = false,
        RemoteCertificateValidationCallback = (_, shown, _, _) => Accepts(shown, CertificateUse.Server, host, out var _),
    };

    /// <summary>True if that certificate is one of the authority's own.</summary>
    internal bool Includes(X509Certificate2 authority) => _roots.Any(root => root.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span));

    /// <summary>How a certificate is traced back to us; nothing is fetched from addresses that a stranger's may name.</summary>
    internal X509ChainPolicy Policy(CertificateUse use)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_roots);
        policy.ApplicationPolicy.Add(new Oid(use == CertificateUse.Server ? ServerAuthentication : ClientAuthentication));
        return policy;
    }

    public void Dispose()
    {
        foreach (var root in _roots)
        {
            root.Dispose();
        }
    }

    private string WhatIsWrong(X509Certificate2 shown, CertificateUse use, string? host)
    {
        var now = _clock.GetUtcNow();
        if (now < shown.NotBefore.ToUniversalTime())
        {
            return $"its certificate {shown.Subject} begins only on {CertificateDates.Day(shown.NotBefore)}";
        }

        if (now > shown.NotAfter.ToUniversalTime())
        {
            return $"its certificate {shown.Subject} ended on {CertificateDates.Day(shown.NotAfter)}";
        }

        using var chain = new X509Chain();
        chain.ChainPolicy = Policy(use);
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        if (!chain.Build(shown))
        {
            var faults = string.Join(", ", chain.ChainStatus.Select(status => status.Status).Distinct());
            return $"its certificate {shown.Subject}, issued by {shown.Issuer}, is not one of this cluster's authority ({faults})";
        }

        return host is null || shown.MatchesHostname(host, allowWildcards: false, allowCommonName: false)
            ? ""
            : $"its certificate {shown.Subject} is not for the name {host}";
    }
}