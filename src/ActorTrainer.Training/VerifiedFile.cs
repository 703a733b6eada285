using System.Collections.Immutable;
using System.Security.Cryptography;
using ActorTrainer.Data;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training;

/// <summary>
/// A file that a recipe names by its SHA-256, open to be read and hashed on the way: whoever reads it gets
/// what was made of it only if the bytes are the right ones.
/// </summary>
internal sealed class VerifiedFile : IDisposable
{
    private readonly DataFile _file;
    private readonly SHA256 _sha = SHA256.Create();
    private readonly CryptoStream _hashed;

    private VerifiedFile(DataFile file, Func<string, Stream> open)
    {
        _file = file;
        _hashed = new CryptoStream(open(file.Sha256), _sha, CryptoStreamMode.Read);
    }

    /// <summary>Opens, reads and closes one file.</summary>
    /// <param name="open">Opens the file of a hash.</param>
    /// <param name="read">Makes something of the bytes; need not read them to their end.</param>
    /// <param name="wrong">What is thrown when the bytes have another hash; it is told why.</param>
    public static T Read<T>(DataFile file, Func<string, Stream> open, Func<Stream, T> read, Func<string, Exception> wrong) =>
        ReadAll([file], open, files => read(files[0]), wrong);

    /// <summary>Opens, reads and closes all files of a recipe.</summary>
    /// <param name="read">Makes something of the bytes of the files, in their order.</param>
    /// <exception cref="InvalidDataSetException">A file's bytes have another hash.</exception>
    public static T ReadAll<T>(ImmutableArray<DataFile> files, Func<string, Stream> open, Func<ImmutableArray<Stream>, T> read) =>
        ReadAll(files, open, read, reason => new InvalidDataSetException(reason));

    public void Dispose()
    {
        _hashed.Dispose();
        _sha.Dispose();
    }

    /// <remarks>
    /// Bytes that cannot be read because they are the wrong ones are refused as the wrong ones: that is the
    /// cause, and what <paramref name="read"/> threw only follows from it.
    /// </remarks>
    private static T ReadAll<T>(
        ImmutableArray<DataFile> files, Func<string, Stream> open, Func<ImmutableArray<Stream>, T> read, Func<string, Exception> wrong)
    {
        var opened = new List<VerifiedFile>();
        try
        {
            foreach (var file in files)
            {
                opened.Add(new VerifiedFile(file, open));
            }

            var result = read([.. opened.Select(file => file._hashed)]);
            Require();
            return result;
        }
        catch (Exception unreadable) when (unreadable is InvalidDataSetException or InvalidTextException)
        {
            Require();
            throw;
        }
        finally
        {
            opened.ForEach(file => file.Dispose());
        }

        void Require()
        {
            if (opened.Select(file => file.Fault()).FirstOrDefault(fault => fault is not null) is { } fault)
            {
                throw wrong(fault);
            }
        }
    }

    /// <summary>What is wrong with the hash of all of the file's bytes; null: nothing.</summary>
    private string? Fault()
    {
        Span<byte> rest = stackalloc byte[4096];
        while (_hashed.Read(rest) > 0)
        {
        }

        var found = Convert.ToHexStringLower(_sha.Hash!);
        return found == _file.Sha256
            ? null
            : $"The file of {_file.Field} has the SHA-256 {found}; the recipe asks for the one with {_file.Sha256}.";
    }
}
