using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Gateway.Access;

/// <summary>
/// What a client shows to be let in: 32 random bytes as base64url, made at a node's first start and kept
/// in the file <c>token</c> of its data directory, which only its owner can read.
/// </summary>
public sealed class AccessToken
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "token";

    private const int RandomBytes = 32;
    private const string Scheme = "Bearer ";

    private readonly byte[] _header;

    private AccessToken(string value)
    {
        Value = value;
        _header = Encoding.ASCII.GetBytes(Scheme + value);
    }

    /// <summary>The token's text, 43 characters.</summary>
    public string Value { get; }

    /// <summary>What a call carries as <c>authorization</c>.</summary>
    public string Header => Scheme + Value;

    /// <summary>The token of a data directory; a client's way to it.</summary>
    /// <exception cref="FileNotFoundException">No node has started there yet.</exception>
    /// <exception cref="InvalidDataException">The file holds something else, or others can read it.</exception>
    public static AccessToken Read(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, FileName);
        RequirePrivate(path);
        var value = File.ReadAllText(path).Trim();
        if (!Base64Url.IsValid(value, out var bytes) || bytes != RandomBytes)
        {
            throw new InvalidDataException(
                $"{path} does not hold an access token ({RandomBytes} bytes as base64url); delete it and start the node again to get a new one");
        }

        return new AccessToken(value);
    }

    /// <summary>The token of a data directory, made if there is none yet. Only the node that holds the directory calls this.</summary>
    /// <exception cref="InvalidDataException">The file holds something else, or others can read it.</exception>
    public static AccessToken ReadOrCreate(string dataDirectory)
    {
        PrivateFiles.EnsureDirectory(dataDirectory);
        var path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path))
        {
            PrivateFiles.WriteWhole(path, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)) + "\n");
        }

        return Read(dataDirectory);
    }

    /// <summary>True if the header is this token's; takes as long for a near miss as for a far one.</summary>
    public bool Admits(string authorization) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization), _header);

    private static void RequirePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((File.GetUnixFileMode(path) & Others) != 0)
        {
            throw new InvalidDataException(
                $"{path} can be read or written by others, so the token in it is no secret; delete it and start the node again to get a new one");
        }
    }
}
