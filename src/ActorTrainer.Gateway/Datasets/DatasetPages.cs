using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Gateway.Errors;

namespace ActorTrainer.Gateway.Datasets;

/// <summary>Where a page of data sets begins, as text that a client passes back and does not read.</summary>
internal static class DatasetPages
{
    /// <summary>The page behind this data set, also when it should be gone by then.</summary>
    public static string Token(Blob last) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.StoredAt.Ticks} {last.Sha256}")));

    /// <param name="token">Of an earlier answer; empty: from the start.</param>
    /// <param name="all">Newest first, and of the same moment by hash.</param>
    public static ImmutableArray<Blob> After(string token, ImmutableArray<Blob> all)
    {
        if (token.Length == 0)
        {
            return all;
        }

        var (ticks, sha256) = Read(token);
        return
        [
            .. all.Where(blob =>
                blob.StoredAt.Ticks < ticks || (blob.StoredAt.Ticks == ticks && string.CompareOrdinal(blob.Sha256, sha256) > 0)),
        ];
    }

    private static (long Ticks, string Sha256) Read(string token)
    {
        var bytes = new byte[128];
        if (token.Length <= bytes.Length
            && Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.ASCII.GetString(bytes, 0, length).Split(' ') is [var ticks, var sha256]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var moment)
            && BlobStore.IsSha256(sha256))
        {
            return (moment, sha256);
        }

        throw ApiError.InvalidArgument("page_token", $"\"{token}\"", "next_page_token of an earlier answer, unchanged");
    }
}
