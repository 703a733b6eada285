using System.Globalization;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cli.Reports;

/// <summary>What a node says of its own doings, for people.</summary>
internal static class NoticeLine
{
    /// <summary>"12:03:44Z Job adder-k3f9 is running at step 0": what is graver than that says so.</summary>
    public static string Format(NodeNotice notice)
    {
        var gravity = notice.Level > NodeLogLevel.Info ? notice.Level.ToString().ToLowerInvariant() + ": " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{notice.At:HH:mm:ss}Z {gravity}{SampleBlock.Clean(notice.Text)}");
    }
}
