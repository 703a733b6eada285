using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ActorTrainer.Gateway.Tests.Trust;

/// <summary>Somebody at one of a node's doors.</summary>
/// <param name="door">Of loopback.</param>
internal sealed class HostileCaller(int door)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Whether the door lets in who shows this certificate; the caller itself believes everybody.</summary>
    /// <param name="certificate">Null: none.</param>
    public async Task<bool> IsLetIn(X509Certificate2? certificate, SslProtocols protocols = SslProtocols.None)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, door);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                EnabledSslProtocols = protocols,
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
            }).WaitAsync(Patience);

            // With TLS 1.3 a refusal comes after the handshake. Who is let in hears nothing until he says something, or is greeted.
            using var silence = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            return await tls.ReadAsync(new byte[1], silence.Token) > 0;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            return false;
        }
    }

    /// <summary>Says something and reads until the door hangs up.</summary>
    /// <returns>What it answered.</returns>
    public async Task<byte[]> Say(byte[] words)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, door);
        var stream = client.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(words);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer).WaitAsync(Patience);
        }
        catch (IOException)
        {
            // Reset: hung up on, too.
        }

        return answer.ToArray();
    }

    public Task<byte[]> Say(string words) => Say(Encoding.Latin1.GetBytes(words));

    /// <summary>A client's first words in an old version of TLS: 1 for TLS 1.0, 2 for TLS 1.1.</summary>
    /// <remarks>By hand, because the library of this machine may refuse to speak them and then nothing is tested.</remarks>
    public static byte[] OldHello(byte minor)
    {
        byte[] extensions =
        [
            0x00, 0x0a, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17, // supported_groups: secp256r1
            0x00, 0x0b, 0x00, 0x02, 0x01, 0x00, // ec_point_formats: uncompressed
        ];
        byte[] body =
        [
            3, minor, .. new byte[32], 0, // version, random, no session
            0x00, 0x06, 0xc0, 0x09, 0xc0, 0x0a, 0x00, 0xff, // ECDHE-ECDSA with AES-128-CBC-SHA and AES-256-CBC-SHA
            0x01, 0x00, // no compression
            0x00, (byte)extensions.Length, .. extensions,
        ];
        byte[] message = [1, 0, 0, (byte)body.Length, .. body];
        return [0x16, 3, 1, 0, (byte)message.Length, .. message];
    }
}
