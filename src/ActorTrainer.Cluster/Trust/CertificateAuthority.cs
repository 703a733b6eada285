using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cluster.Trust;

/// <summary>Issues the certificates of a cluster's nodes: elliptic curve P-256, for both sides of a connection.</summary>
/// <remarks>
/// Its directory belongs to the administrator and on no node: <see cref="NodeTrust.AuthorityFile"/> is for everybody,
/// <see cref="KeyFile"/> for nobody, and each node gets the folder of its name.
/// </remarks>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>The authority's private key: who has it can be any node.</summary>
    public const string KeyFile = "ca-key.pem";

    /// <summary>How long an authority lasts.</summary>
    public const int LifetimeYears = 10;

    /// <summary>How long a node's certificate lasts unless said otherwise.</summary>
    public const int NodeDays = 730;

    /// <summary>A certificate that ends sooner is made anew.</summary>
    public const int RenewalDays = 30;

    /// <summary>Clocks of machines differ; a certificate is good on one that is behind.</summary>
    private static readonly TimeSpan Backdating = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _clock;

    private CertificateAuthority(X509Certificate2 certificate, TimeProvider clock) => (_certificate, _clock) = (certificate, clock);

    /// <summary>Who it is, and until when.</summary>
    public X509Certificate2 Certificate => _certificate;

    /// <summary>The authority of a directory, made there if there is none. One that is there is never changed.</summary>
    /// <param name="made">True if it was made.</param>
    /// <exception cref="InvalidDataException">Half of one is there, or it has ended.</exception>
    public static CertificateAuthority OpenOrCreate(string directory, TimeProvider clock, out bool made)
    {
        var (certificate, key) = (Path.Combine(directory, NodeTrust.AuthorityFile), Path.Combine(directory, KeyFile));
        made = !File.Exists(certificate) && !File.Exists(key);
        if (made)
        {
            PrivateFiles.EnsureDirectory(directory);
            return Create(certificate, key, clock);
        }

        if (!File.Exists(key) || !File.Exists(certificate))
        {
            var missing = File.Exists(key) ? certificate : key;
            throw new InvalidDataException($"{directory} holds half an authority: {missing} is missing, and without it no node can be certified; bring it back, or choose another directory");
        }

        PrivateFiles.RequireSecret(key);
        var loaded = X509Certificate2.CreateFromPemFile(certificate, key);
        if (loaded.NotAfter.ToUniversalTime() > clock.GetUtcNow())
        {
            return new CertificateAuthority(loaded, clock);
        }

        using (loaded)
        {
            throw new InvalidDataException($"the authority in {directory} ended on {CertificateDates.Day(loaded.NotAfter)}; make another in another directory, and give every node a new certificate");
        }
    }

    /// <summary>Gives a node its folder in the directory, with its certificate, its key and the authority's certificate.</summary>
    /// <param name="directory">The authority's own.</param>
    /// <param name="days">Until it ends; never after the authority itself.</param>
    /// <returns>The certificate, without its key; and false if there was one already that does.</returns>
    public (X509Certificate2 Certificate, bool Made) Issue(string directory, CertificateNames names, int days)
    {
        var folder = Path.Combine(directory, names.Node);
        if (Existing(folder, names) is { } kept)
        {
            return (kept, false);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = Sign(key, names, days);
        PrivateFiles.EnsureDirectory(folder);
        PrivateFiles.WriteWhole(Path.Combine(folder, NodeTrust.KeyFile), key.ExportPkcs8PrivateKeyPem() + "\n");
        PrivateFiles.WriteWhole(Path.Combine(folder, NodeTrust.CertificateFile), certificate.ExportCertificatePem() + "\n");
        PrivateFiles.WriteWhole(Path.Combine(folder, NodeTrust.AuthorityFile), _certificate.ExportCertificatePem() + "\n");
        return (certificate, true);
    }

    public void Dispose() => _certificate.Dispose();

    private static CertificateAuthority Create(string certificate, string key, TimeProvider clock)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=ActorTrainer authority {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}", pair, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = clock.GetUtcNow();
        var made = request.CreateSelfSigned(now - Backdating, now.AddYears(LifetimeYears));
        PrivateFiles.WriteWhole(key, pair.ExportPkcs8PrivateKeyPem() + "\n");
        PrivateFiles.WriteWhole(certificate, made.ExportCertificatePem() + "\n");
        return new CertificateAuthority(made, clock);
    }

    private X509Certificate2 Sign(ECDsa key, CertificateNames names, int days)
    {
        var request = new CertificateRequest($"CN={names.Node}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(TrustedAuthority.ServerAuthentication), new Oid(TrustedAuthority.ClientAuthentication)], critical: false));
        request.CertificateExtensions.Add(names.ToExtension());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        var now = _clock.GetUtcNow();
        return request.Create(
            _certificate,
            CertificateDates.Later(now - Backdating, _certificate.NotBefore.ToUniversalTime()),
            CertificateDates.Earlier(now.AddDays(days), _certificate.NotAfter.ToUniversalTime()),
            serial);
    }

    /// <summary>What the folder holds, if it bears the names, is this authority's and lasts a while; else null.</summary>
    private X509Certificate2? Existing(string folder, CertificateNames names)
    {
        if (!File.Exists(Path.Combine(folder, NodeTrust.CertificateFile)))
        {
            return null;
        }

        try
        {
            using var trust = NodeTrust.Load(folder, _clock);
            var ends = trust.Certificate.NotAfter.ToUniversalTime() - _clock.GetUtcNow();
            return names.AllIn(trust.Certificate) && ends > TimeSpan.FromDays(RenewalDays) && trust.Authority.Includes(_certificate)
                ? X509CertificateLoader.LoadCertificate(trust.Certificate.RawData)
                : null;
        }
        catch (NodeStartException)
        {
            // Expired, of another authority, or not to be read: a new one is what was asked for.
            return null;
        }
    }
}
