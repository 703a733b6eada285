using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Gateway.Access;

/// <summary>
/// What a client shows to be let in: 32 random bytes as base64url, made at a node's first start and kept
/// in the file <c>token</c> of its data directory, which only its owner can read; or a secret that both were
/// given as a file.
/// </summary>
public sealed class AccessToken
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "token";

    private const int RandomBytes = 32;
    private const int FewestCharacters = 32;
    private const int MostCharacters = 512;
    private const string Scheme = "Bearer ";

    private readonly byte[] _header;

    private AccessToken(string value, string place)
    {
        (Value, Place) = (value, place);
        _header = Encoding.ASCII.GetBytes(Scheme + value);
    }

    /// <summary>The token's text.</summary>
    public string Value { get; }

    /// <summary>Where a client finds it, in words.</summary>
    public string Place { get; }

    /// <summary>What a call carries as <c>authorization</c>.</summary>
    public string Header => Scheme + Value;

    /// <summary>The token of a data directory; a client's way to it.</summary>
    /// <exception cref="FileNotFoundException">No node has started there yet.</exception>
    /// <exception cref="InvalidDataException">The file holds something else, or others can read it.</exception>
    public static AccessToken Read(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        PrivateFiles.RequireSecret(path);
        var value = File.ReadAllText(path).Trim();
        if (!Base64Url.IsValid(value, out var bytes) || bytes != RandomBytes)
        {
            throw new InvalidDataException(
                $"{path} does not hold an access token ({RandomBytes} bytes as base64url); delete it and start the node again to get a new one");
        }

        return new AccessToken(value, $"the file '{FileName}' in the node's data directory");
    }

    /// <summary>A secret that gateway and clients were given: at least 32 characters, such as `openssl rand -hex 32` makes.</summary>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It holds something else, or it is ours and others can read it.</exception>
    public static AccessToken ReadFile(string path)
    {
        PrivateFiles.RequireSecret(path);
        var value = File.ReadAllText(path).Trim();
        if (value.Length is < FewestCharacters or > MostCharacters || !value.All(c => char.IsAsciiLetterOrDigit(c) || "-._~+/=".Contains(c)))
        {
            throw new InvalidDataException(
                $"{path} does not hold an access token: it has {value.Length} characters, and must have {FewestCharacters} to {MostCharacters} of A-Z, a-z, 0-9 and -._~+/=");
        }

        return new AccessToken(value, "the file that the gateway was given as its --token-file");
    }

    /// <summary>As <see cref="ReadFile"/>, with one made that only its owner can read if there is no such file.</summary>
    public static AccessToken ReadOrCreateFile(string path)
    {
        Create(path);
        return ReadFile(path);
    }

    /// <summary>The token of a data directory, made if there is none yet. Only the node that holds the directory calls this.</summary>
    /// <exception cref="InvalidDataException">The file holds something else, or others can read it.</exception>
    public static AccessToken ReadOrCreate(string dataDirectory)
    {
        PrivateFiles.EnsureDirectory(dataDirectory);
        Create(Path.Combine(dataDirectory, FileName));
        return Read(dataDirectory);
    }

    /// <summary>True if the header is this token's; takes as long for a near miss as for a far one.</summary>
    public bool Admits(string authorization) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization), _header);

    private static void Create(string path)
    {
        if (!File.Exists(path))
        {
            PrivateFiles.WriteWhole(path, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)) + "\n");
        }
    }
}
