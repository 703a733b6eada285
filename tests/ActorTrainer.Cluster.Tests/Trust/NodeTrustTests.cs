using System.Security.Cryptography.X509Certificates;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Trust;

namespace ActorTrainer.Cluster.Tests.Trust;

public sealed class NodeTrustTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("server-1")]
    [InlineData("server-1.example.org")]
    [InlineData("10.0.0.11")]
    public void Believes_a_node_of_its_authority_by_each_of_its_names(string host)
    {
        using var trust = _authority.Trust("gateway");
        using var server = _authority.Certificate("server-1,server-1.example.org,10.0.0.11");

        Assert.True(trust.Accepts(server, host, out var reason), reason);
        Assert.True(trust.Accepts(server, host: null, out reason), reason);
        Assert.Equal("", reason);
    }

    [Theory]
    [InlineData("server-2")]
    [InlineData("example.org")]
    [InlineData("10.0.0.12")]
    [InlineData("127.0.0.1")]
    public void Believes_nobody_under_another_name(string host)
    {
        using var trust = _authority.Trust("gateway");
        using var server = _authority.Certificate("server-1,server-1.example.org,10.0.0.11");

        Assert.False(trust.Accepts(server, host, out var reason));
        Assert.Equal($"its certificate CN=server-1 is not for the name {host}", reason);
    }

    [Fact]
    public void Believes_every_address_of_a_network_that_a_certificate_is_for()
    {
        using var trust = _authority.Trust("gateway");
        using var worker = _authority.Certificate("worker,172.28.4.0/23");

        Assert.True(trust.Accepts(worker, "172.28.4.1", out var reason), reason);
        Assert.True(trust.Accepts(worker, "172.28.5.255", out reason), reason);
        Assert.False(trust.Accepts(worker, "172.28.6.0", out _));
    }

    [Fact]
    public void Believes_nobody_who_shows_nothing_or_only_himself()
    {
        using var trust = _authority.Trust("gateway");
        using var self = TestAuthority.SelfSigned("server-1");

        Assert.False(trust.Accepts(null, "server-1", out var reason));
        Assert.Equal("it showed no certificate", reason);
        Assert.False(trust.Accepts(self, "server-1", out reason));
        Assert.StartsWith("its certificate CN=server-1, issued by CN=server-1, is not one of this cluster's authority", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Believes_nobody_of_another_authority()
    {
        using var strangers = new TestAuthority();
        using var trust = _authority.Trust("gateway");
        using var stranger = strangers.Certificate("server-1");

        Assert.False(trust.Accepts(stranger, "server-1", out var reason));
        Assert.Contains("is not one of this cluster's authority", reason, StringComparison.Ordinal);
        Assert.False(trust.Accepts(stranger, host: null, out _));
    }

    [Fact]
    public void Believes_no_certificate_before_or_after_its_time()
    {
        using var trust = _authority.Trust("gateway");
        using var ended = _authority.Certificate("old", DateTimeOffset.UtcNow.AddDays(-1), days: 0);

        Assert.False(trust.Accepts(ended, host: null, out var reason));
        Assert.StartsWith("its certificate CN=old ended on ", reason, StringComparison.Ordinal);

        using var early = NodeTrust.Load(_authority.Folder("other"), new FixedClock(DateTimeOffset.UtcNow.AddMinutes(-30)));
        using var authority = CertificateAuthority.OpenOrCreate(_authority.Directory, new FixedClock(DateTimeOffset.UtcNow.AddDays(3)), out var _);
        using var later = authority.Issue(_authority.Directory, CertificateNames.Parse("later"), 10).Certificate;
        Assert.False(early.Accepts(later, host: null, out reason));
        Assert.StartsWith("its certificate CN=later begins only on ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Does_not_take_the_authority_itself_for_a_node()
    {
        using var trust = _authority.Trust("gateway");
        using var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_authority.Directory, NodeTrust.AuthorityFile));

        Assert.False(trust.Accepts(authority, "gateway", out _));
    }

    [Fact]
    public void Starts_no_node_whose_certificate_has_ended()
    {
        var folder = _authority.Folder("server-1", days: 10);

        var refused = Assert.Throws<NodeStartException>(() => NodeTrust.Load(folder, new FixedClock(DateTimeOffset.UtcNow.AddDays(11))));

        Assert.Contains("its certificate CN=server-1 ended on ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("actortrainer certs init", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warns_thirty_days_before_the_certificate_ends_and_not_earlier()
    {
        using var trust = NodeTrust.Load(_authority.Folder("server-1", days: 90));

        Assert.Null(trust.Warning(new FixedClock(DateTimeOffset.UtcNow.AddDays(59))));
        Assert.Contains("in 28 days", trust.Warning(new FixedClock(DateTimeOffset.UtcNow.AddDays(61))), StringComparison.Ordinal);
    }

    [Fact]
    public void Wants_the_name_by_which_a_node_is_called_in_its_certificate()
    {
        using var trust = _authority.Trust("server-1,10.0.0.11");

        trust.RequireName("server-1");
        trust.RequireName("10.0.0.11");
        var refused = Assert.Throws<NodeStartException>(() => trust.RequireName("server-2"));
        Assert.Contains("by the name server-2, which its certificate CN=server-1 does not bear; it is for server-1, 10.0.0.11", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NodeTrust.AuthorityFile)]
    [InlineData(NodeTrust.CertificateFile)]
    [InlineData(NodeTrust.KeyFile)]
    public void Says_which_of_its_files_is_missing_or_damaged(string file)
    {
        var path = Path.Combine(_authority.Folder("server-1"), file);
        File.WriteAllText(path, "-----BEGIN NOTHING-----");
        Assert.Contains(Path.GetDirectoryName(path)!, Assert.Throws<NodeStartException>(() => NodeTrust.Load(Path.GetDirectoryName(path)!)).Message, StringComparison.Ordinal);

        File.Delete(path);
        Assert.Contains(Path.GetDirectoryName(path)!, Assert.Throws<NodeStartException>(() => NodeTrust.Load(Path.GetDirectoryName(path)!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wants_its_key_for_itself()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = _authority.Folder("server-1");
        File.SetUnixFileMode(Path.Combine(folder, NodeTrust.KeyFile), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains("can be read or written by others", Assert.Throws<NodeStartException>(() => NodeTrust.Load(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_no_key_of_another_certificate()
    {
        var (one, other) = (_authority.Folder("server-1"), _authority.Folder("server-2"));
        File.Copy(Path.Combine(other, NodeTrust.KeyFile), Path.Combine(one, NodeTrust.KeyFile), overwrite: true);

        Assert.Throws<NodeStartException>(() => NodeTrust.Load(one));
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
