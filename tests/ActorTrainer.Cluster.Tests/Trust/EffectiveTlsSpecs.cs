using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ActorTrainer.Cluster.Trust;

namespace ActorTrainer.Cluster.Tests.Trust;

/// <summary>The settings that TLS really has: what the words of the documentation rest on.</summary>
public sealed class EffectiveTlsSpecs : IDisposable
{
    private const SslProtocols Allowed = SslProtocols.Tls12 | SslProtocols.Tls13;

    private readonly TestAuthority _authority = new();
    private readonly NodeTrust _trust;

    public EffectiveTlsSpecs() => _trust = _authority.Trust("node,127.0.0.1");

    public void Dispose()
    {
        _trust.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public void Nothing_older_than_TLS_1_2_is_offered_or_taken()
    {
        Assert.Equal(Allowed, _trust.ServerOptions().EnabledSslProtocols);
        Assert.Equal(Allowed, _trust.ClientOptions("node").EnabledSslProtocols);
        Assert.Equal(Allowed, _trust.DoorOptions().EnabledSslProtocols);
        Assert.Equal(Allowed, _trust.Authority.ClientOptions("node").EnabledSslProtocols);
    }

    [Fact]
    public void Nodes_ask_each_other_for_certificates_and_resume_no_session()
    {
        var (server, client) = (_trust.ServerOptions(), _trust.ClientOptions("node"));

        Assert.True(server.ClientCertificateRequired);
        Assert.NotNull(client.ClientCertificateContext);
        Assert.Equal((false, false, false), (server.AllowTlsResume, server.AllowRenegotiation, client.AllowTlsResume));
    }

    [Fact]
    public void Only_the_authority_counts_and_nothing_is_fetched_from_the_network()
    {
        foreach (var policy in (X509ChainPolicy?[])[_trust.ServerOptions().CertificateChainPolicy, _trust.ClientOptions("node").CertificateChainPolicy])
        {
            Assert.Equal(X509ChainTrustMode.CustomRootTrust, policy!.TrustMode);
            Assert.Single(policy.CustomTrustStore);
            Assert.True(policy.DisableCertificateDownloads);
            Assert.Equal(X509RevocationMode.NoCheck, policy.RevocationMode);
            Assert.Equal(X509VerificationFlags.NoFlag, policy.VerificationFlags);
        }
    }

    [Fact]
    public void The_name_of_the_one_that_is_called_is_looked_at()
    {
        using var other = _authority.Certificate("other");

        Assert.False(Validates(_trust.ClientOptions("node").RemoteCertificateValidationCallback, other));
        Assert.True(Validates(_trust.ClientOptions("other").RemoteCertificateValidationCallback, other));
        Assert.True(Validates(_trust.ServerOptions().RemoteCertificateValidationCallback, other));
        Assert.False(Validates(_trust.ServerOptions().RemoteCertificateValidationCallback, null));
    }

    [Fact]
    public async Task A_handshake_gives_TLS_1_3_with_both_sides_known()
    {
        using var other = _authority.Trust("other");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var caller = new TcpClient();
        var connecting = caller.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var called = await listener.AcceptTcpClientAsync();
        await connecting;

        var accepting = TlsHandshake.AcceptAsync(_trust, called.GetStream(), CancellationToken.None);
        await using var client = await TlsHandshake.CallAsync(other, caller.GetStream(), "127.0.0.1", CancellationToken.None);
        await using var server = await accepting;

        foreach (var (side, peer) in new[] { (client, "CN=node"), (server, "CN=other") })
        {
            Assert.Equal(SslProtocols.Tls13, side.SslProtocol);
            Assert.True(side.IsMutuallyAuthenticated);
            Assert.True(side.IsEncrypted);
            Assert.Equal(peer, side.RemoteCertificate!.Subject);
        }
    }

    private static bool Validates(RemoteCertificateValidationCallback? callback, X509Certificate2? certificate) =>
        callback!(new object(), certificate, null, SslPolicyErrors.None);
}
