using System.Globalization;
using System.Text;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cluster.Storage;

/// <summary>
/// What people call data sets: a small file beside each blob, since a name is no part of the content that
/// the hash stands for. Written whole or not at all; a blob without one has no name.
/// </summary>
/// <param name="directory">That of the blobs.</param>
public sealed class BlobNames(string directory)
{
    /// <summary>Most characters of a name.</summary>
    public const int MaximumLength = 255;

    private const string Suffix = ".name";

    /// <summary>A name as it is kept: without what could steer a terminal, at most <see cref="MaximumLength"/> characters; may be empty.</summary>
    public static string Clean(string name)
    {
        var clean = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes().Where(rune => !Steers(rune)).Take(MaximumLength))
        {
            clean.Append(rune.ToString());
        }

        return clean.ToString().Trim();
    }

    /// <summary>The name of a blob, or "".</summary>
    /// <exception cref="ArgumentException">Not 64 lower-case hexadecimal digits.</exception>
    public string Of(string sha256)
    {
        try
        {
            // Cleaned again: the file is on a disk where others may write.
            using var file = new StreamReader(PathOf(sha256), Encoding.UTF8);
            var name = new char[4 * MaximumLength];
            return Clean(new string(name, 0, file.ReadBlock(name, 0, name.Length)));
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Names a blob that has no name yet; an empty name is none.</summary>
    /// <exception cref="ArgumentException">Not 64 lower-case hexadecimal digits.</exception>
    public void NameFirst(string sha256, string name)
    {
        var (path, clean) = (PathOf(sha256), Clean(name));
        if (clean.Length == 0 || File.Exists(path))
        {
            return;
        }

        var partial = Path.Combine(directory, Path.GetRandomFileName() + ".partial");
        using (var file = PrivateFiles.Open(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            file.Write(Encoding.UTF8.GetBytes(clean));
        }

        File.Move(partial, path, overwrite: true);
    }

    private string PathOf(string sha256) => BlobStore.IsSha256(sha256)
        ? Path.Combine(directory, sha256 + Suffix)
        : throw new ArgumentException($"\"{sha256}\" is not a SHA-256; it must be 64 lower-case hexadecimal digits.", nameof(sha256));

    private static bool Steers(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
