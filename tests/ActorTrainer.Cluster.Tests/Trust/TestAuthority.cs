using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrainer.Cluster.Trust;

namespace ActorTrainer.Cluster.Tests.Trust;

/// <summary>An authority of a spec, with folders of certificates for nodes that may have something wrong with them.</summary>
internal sealed class TestAuthority : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("actortrainer-").FullName;

    /// <summary>The folder of a node's certificate.</summary>
    /// <param name="names">As `certs init` takes them.</param>
    /// <param name="now">When it is made; the certificate lasts for <paramref name="days"/>.</param>
    public string Folder(string names, DateTimeOffset? now = null, int days = 90)
    {
        var parsed = CertificateNames.Parse(names);

        // Made long ago, so that certificates of it can have ended.
        using (CertificateAuthority.OpenOrCreate(Directory, new FixedClock(DateTimeOffset.UtcNow.AddDays(-100)), out var _))
        {
        }

        using var authority = CertificateAuthority.OpenOrCreate(Directory, new FixedClock(now ?? DateTimeOffset.UtcNow), out var _);
        var (certificate, _) = authority.Issue(Directory, parsed, days);
        certificate.Dispose();
        return Path.Combine(Directory, parsed.Node);
    }

    public NodeTrust Trust(string names) => NodeTrust.Load(Folder(names));

    /// <summary>A certificate with its key, whatever its dates say.</summary>
    public X509Certificate2 Certificate(string names, DateTimeOffset? now = null, int days = 90)
    {
        var folder = Folder(names, now, days);
        return X509Certificate2.CreateFromPemFile(Path.Combine(folder, NodeTrust.CertificateFile), Path.Combine(folder, NodeTrust.KeyFile));
    }

    /// <summary>One that nobody issued but itself.</summary>
    public static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
