using System.Security.Cryptography;
using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Contracts.V1;
using ActorTrainer.Data;
using ActorTrainer.Data.Summaries;
using ActorTrainer.Gateway.Datasets;
using DataFormat = ActorTrainer.Data.Summaries.DataFormat;
using TableFormat = ActorTrainer.Data.TableFormat;

namespace ActorTrainer.Cli.Running;

/// <summary>A file of data that was read to its end and found right.</summary>
/// <param name="Path">As the user named it.</param>
/// <param name="Description">What it holds, with hash and length.</param>
internal sealed record LocalData(string Path, DatasetDescription Description)
{
    public string Sha256 => Description.Dataset.Sha256;

    public long Length => (long)Description.Dataset.Length;

    /// <param name="format">Null: by the name's ending, else by the first bytes.</param>
    /// <exception cref="JobFileException">It is not there, or not what its format asks for.</exception>
    public static LocalData Read(string path, DataFormat? format, TableFormat table)
    {
        var at = new Position(path, 0, 0);
        if (Directory.Exists(path))
        {
            throw new JobFileException(at, "is a folder; a data set is one file");
        }

        try
        {
            // Twice, so that hash and bytes are those of the whole file also where a reader has no use for its end.
            using var file = File.OpenRead(path);
            var dataset = new Dataset { Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)), Length = (ulong)file.Length, Name = System.IO.Path.GetFileName(path) };
            file.Position = 0;
            var description = DescriptionMapping.ToProto(DataSummary.Read(file, format ?? ByEnding(path), table, DataLimits.Default));
            description.Dataset = dataset;
            return new LocalData(path, description);
        }
        catch (InvalidDataSetException wrong)
        {
            throw new JobFileException(at, wrong.Message);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new JobFileException(at, "no such file");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new JobFileException(at, $"cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>A file says by its name what it wants to be, which its content may be too broken to show.</summary>
    private static DataFormat? ByEnding(string path) => System.IO.Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" or ".tsv" => DataFormat.Csv,
        ".jsonl" or ".ndjson" => DataFormat.JsonLines,
        ".gz" or ".idx" => DataFormat.Idx,
        ".txt" => DataFormat.Text,
        _ => null,
    };
}
