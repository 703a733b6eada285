using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrainer.Cluster.Trust;

namespace ActorTrainer.Cluster.Tests.Trust;

public sealed class CertificateAuthorityTests : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory _temporary = new();

    private string Home => Path.Combine(_temporary.Path, "certs");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Is_made_once_and_certifies_further_nodes_later()
    {
        using var first = CertificateAuthority.OpenOrCreate(Home, TimeProvider.System, out var made);
        using var again = CertificateAuthority.OpenOrCreate(Home, TimeProvider.System, out var madeAgain);
        var (certificate, isNew) = again.Issue(Home, CertificateNames.Parse("server-1"), 30);
        using (certificate)
        {
            Assert.True(made);
            Assert.False(madeAgain);
            Assert.True(isNew);
            Assert.Equal(first.Certificate.Thumbprint, again.Certificate.Thumbprint);
            Assert.Equal(first.Certificate.Subject, certificate.Issuer);
        }
    }

    [Fact]
    public void Keeps_what_it_makes_from_other_users()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var authority = CertificateAuthority.OpenOrCreate(Home, TimeProvider.System, out var _);
        authority.Issue(Home, CertificateNames.Parse("server-1"), 30).Certificate.Dispose();

        var files = Directory.GetFiles(Home, "*", SearchOption.AllDirectories);
        Assert.Equal(5, files.Length);
        foreach (var file in files)
        {
            Assert.Equal((file, OwnerFile), (file, File.GetUnixFileMode(file)));
        }

        foreach (var folder in (string[])[Home, Path.Combine(Home, "server-1")])
        {
            Assert.Equal((folder, OwnerFile | UnixFileMode.UserExecute), (folder, File.GetUnixFileMode(folder)));
        }

        Assert.False(File.Exists(Path.Combine(Home, "server-1", CertificateAuthority.KeyFile)));
    }

    [Fact]
    public void Makes_certificates_for_both_sides_of_a_connection_with_all_names_and_lifetimes()
    {
        using var authority = CertificateAuthority.OpenOrCreate(Home, TimeProvider.System, out var _);
        using var node = authority.Issue(Home, CertificateNames.Parse("server-1,server-1.example.org,10.0.0.11,::1"), CertificateAuthority.NodeDays).Certificate;

        Assert.Equal(["server-1", "server-1.example.org", "10.0.0.11", "::1"], CertificateNames.Of(node));
        Assert.Equal(
            ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"],
            Assert.Single(node.Extensions.OfType<X509EnhancedKeyUsageExtension>()).EnhancedKeyUsages.Cast<Oid>().Select(usage => usage.Value));
        Assert.False(Assert.Single(node.Extensions.OfType<X509BasicConstraintsExtension>()).CertificateAuthority);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, Assert.Single(node.Extensions.OfType<X509KeyUsageExtension>()).KeyUsages);
        using var key = node.GetECDsaPublicKey();
        Assert.Equal(256, key!.KeySize);
        Assert.InRange((node.NotAfter - DateTime.Now).TotalDays, 729, 731);
        Assert.InRange((authority.Certificate.NotAfter - DateTime.Now).TotalDays, 3_650, 3_654);
        var constraints = Assert.Single(authority.Certificate.Extensions.OfType<X509BasicConstraintsExtension>());
        Assert.Equal((true, true, 0), (constraints.CertificateAuthority, constraints.HasPathLengthConstraint, constraints.PathLengthConstraint));
    }

    [Fact]
    public void Keeps_a_good_certificate_and_renews_one_that_ends_soon_or_lacks_a_name()
    {
        using var authority = CertificateAuthority.OpenOrCreate(Home, TimeProvider.System, out var _);
        var first = Issue("server-1,10.0.0.11", 90);

        Assert.Equal((first.Thumbprint, false), Issue("server-1,10.0.0.11", 90));
        Assert.Equal((first.Thumbprint, false), Issue("server-1", 90));
        Assert.True(Issue("server-1,10.0.0.12", 20).Made);
        Assert.True(Issue("server-1,10.0.0.12", 90).Made);
        Assert.False(Issue("server-1,10.0.0.12", 90).Made);

        (string Thumbprint, bool Made) Issue(string names, int days)
        {
            var (certificate, made) = authority.Issue(Home, CertificateNames.Parse(names), days);
            using (certificate)
            {
                return (certificate.Thumbprint, made);
            }
        }
    }

    [Fact]
    public void Certifies_nobody_beyond_its_own_end_and_nobody_at_all_after_it()
    {
        using (CertificateAuthority.OpenOrCreate(Home, TimeProvider.System, out var _))
        {
        }

        using var late = CertificateAuthority.OpenOrCreate(Home, new FixedClock(DateTimeOffset.UtcNow.AddYears(9)), out var _);
        using var node = late.Issue(Home, CertificateNames.Parse("server-1"), 730).Certificate;
        Assert.Equal(late.Certificate.NotAfter, node.NotAfter);

        var ended = Assert.Throws<InvalidDataException>(() => CertificateAuthority.OpenOrCreate(Home, new FixedClock(DateTimeOffset.UtcNow.AddYears(11)), out var _));
        Assert.Contains("ended on", ended.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NodeTrust.AuthorityFile)]
    [InlineData(CertificateAuthority.KeyFile)]
    public void Is_never_replaced_when_half_of_it_is_missing(string file)
    {
        using (CertificateAuthority.OpenOrCreate(Home, TimeProvider.System, out var _))
        {
        }

        File.Delete(Path.Combine(Home, file));

        var refused = Assert.Throws<InvalidDataException>(() => CertificateAuthority.OpenOrCreate(Home, TimeProvider.System, out var _));
        Assert.Contains($"{Path.Combine(Home, file)} is missing", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Home, file)));
    }

    [Fact]
    public void Reads_names_addresses_and_networks()
    {
        var names = CertificateNames.Parse("worker, worker.example.org ,10.0.0.4,172.28.0.0/30,fd00::/127");

        Assert.Equal("worker", names.Node);
        Assert.Equal(["worker", "worker.example.org"], names.Hosts.AsEnumerable());
        Assert.Equal(
            new[] { "10.0.0.4", "172.28.0.0", "172.28.0.1", "172.28.0.2", "172.28.0.3", "fd00::", "fd00::1" }.Select(IPAddress.Parse),
            names.Addresses);
    }

    [Theory]
    [InlineData("", "the node is named ''")]
    [InlineData("../other", "the node is named '../other'")]
    [InlineData(".hidden", "the node is named '.hidden'")]
    [InlineData("a,b c", "'b c' of node a is neither")]
    [InlineData("a,*.example.org", "'*.example.org' of node a is neither")]
    [InlineData("a,10.0.0.0/8", "the network 10.0.0.0/8 has more than 1024 addresses")]
    [InlineData("a,fd00::/64", "the network fd00::/64 has more than 1024 addresses")]
    [InlineData("a,10.0.0.0/22,10.1.0.0/22", "node a has 2049 names")]
    public void Says_what_is_no_name(string text, string reason)
    {
        var refused = Assert.Throws<FormatException>(() => CertificateNames.Parse(text));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
