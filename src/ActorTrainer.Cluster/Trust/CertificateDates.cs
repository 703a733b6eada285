using System.Globalization;

namespace ActorTrainer.Cluster.Trust;

/// <summary>When certificates begin and end: they say it in local time, we in UTC.</summary>
internal static class CertificateDates
{
    public static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    public static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
