using System.Net.Security;
using System.Security.Authentication;

namespace ActorTrainer.Cluster.Trust;

/// <summary>Makes a plain stream to another node one that is encrypted, with a certificate shown by both sides.</summary>
internal static class TlsHandshake
{
    /// <summary>As the one that was called.</summary>
    /// <param name="plain">Is closed with the result, and when there is none.</param>
    /// <exception cref="AuthenticationException">The caller is none of ours; the message says why.</exception>
    /// <exception cref="IOException">It went away, or does not speak TLS.</exception>
    public static Task<SslStream> AcceptAsync(NodeTrust trust, Stream plain, CancellationToken cancellation)
    {
        var refusal = "";
        var options = trust.ServerOptions();
        options.RemoteCertificateValidationCallback = (_, shown, _, _) => trust.Accepts(shown, host: null, out refusal);
        return ShakeAsync(plain, tls => tls.AuthenticateAsServerAsync(options, cancellation), () => refusal);
    }

    /// <summary>As the one that calls.</summary>
    /// <param name="host">The name or address of the other node, which its certificate must bear.</param>
    /// <remarks>
    /// With TLS 1.3 this side is done before the other has looked at its certificate: a refusal shows as the end
    /// of the stream.
    /// </remarks>
    /// <inheritdoc cref="AcceptAsync"/>
    public static Task<SslStream> CallAsync(NodeTrust trust, Stream plain, string host, CancellationToken cancellation)
    {
        var refusal = "";
        var options = trust.ClientOptions(host);
        options.RemoteCertificateValidationCallback = (_, shown, _, _) => trust.Accepts(shown, host, out refusal);
        return ShakeAsync(plain, tls => tls.AuthenticateAsClientAsync(options, cancellation), () => refusal);
    }

    private static async Task<SslStream> ShakeAsync(Stream plain, Func<SslStream, Task> authenticate, Func<string> refusal)
    {
        var tls = new SslStream(plain);
        try
        {
            await authenticate(tls);
            return tls.IsMutuallyAuthenticated
                ? tls
                : throw new AuthenticationException("one side showed no certificate");
        }
        catch (Exception failure)
        {
            await tls.DisposeAsync();
            throw refusal() is { Length: > 0 } reason ? new AuthenticationException(reason, failure) : failure switch
            {
                // What the library throws when the other side speaks something else.
                AuthenticationException or IOException or OperationCanceledException => failure,
                _ => new IOException($"the TLS handshake failed: {failure.Message}", failure),
            };
        }
    }
}
