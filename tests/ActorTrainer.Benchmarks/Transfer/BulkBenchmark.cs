using System.Diagnostics;
using System.Globalization;
using ActorTrainer.Benchmarks.Distribution;
using ActorTrainer.Benchmarks.Processes;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Benchmarks.Transfer;

/// <summary>
/// How fast tensors go from one process to another through the data plane, one at a time as a step fetches weights,
/// without TLS and with it; and what that costs of the processors on both sides.
/// </summary>
internal static class BulkBenchmark
{
    /// <summary>Megabytes a second without TLS, from 4 MB on.</summary>
    private const double Goal = 1000;

    private const int Repeats = 41;
    private const double WarmUpBytes = 100e6;
    private const double Megabyte = 1e6;

    public static async Task<int> RunAsync()
    {
        using var directory = new ScratchDirectory();
        Certify(directory.Path);
        Console.WriteLine("Tensors from process to process over loopback, one at a time; the median of the transfers.");
        Console.WriteLine();
        Console.WriteLine("           size     MB/s   best   CPU ms/MB (gives)   CPU ms/MB (takes)   others took");
        var plain = await MeasureAsync("plain", trust: null, folder: BulkPeer.NoTls);
        using var trust = NodeTrust.Load(System.IO.Path.Combine(directory.Path, "taker"));
        await MeasureAsync("TLS", trust, System.IO.Path.Combine(directory.Path, "giver"));
        Console.WriteLine();
        return Verdict(plain);
    }

    private static int Verdict(Row[] plain)
    {
        var slowest = plain.Where(row => row.Bytes >= 4 * Megabyte).MinBy(row => row.Median)!;
        var met = slowest.Median >= Goal;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Goal: {Goal:0} MB/s without TLS from 4 MB on. Slowest: {slowest.Median:0} MB/s at {slowest.Bytes / Megabyte:0.##} MB: {(met ? "met" : "not met")}."));
        if (slowest.Others > Neighbours.Tolerated)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Other processes took {slowest.Others:P0} of the machine meanwhile; the transfers need all of it."));
        }

        return met ? 0 : 1;
    }

    private static async Task<Row[]> MeasureAsync(string name, NodeTrust? trust, string folder)
    {
        using var peer = await ChildProcess.StartAsync(BulkPeer.Command, folder);
        await using var own = BulkPeer.Start(new NodeId("taker"), trust);
        var giver = new DataPeer(BulkPeer.Giver, "127.0.0.1", int.Parse(await peer.ReadAsync(), CultureInfo.InvariantCulture));
        var rows = new List<Row>();
        foreach (var length in BulkPeer.Lengths)
        {
            var ticket = new Ticket(BulkPeer.Giver, long.Parse(await peer.ReadAsync(), CultureInfo.InvariantCulture), 0, length);
            var row = await MeasureAsync(own.Plane, giver, ticket, peer.Process);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-6} {row.Bytes / Megabyte,5:0.##} MB {row.Median,8:0} {row.Best,6:0} {row.GiverMilliseconds,19:0.00} {row.TakerMilliseconds,19:0.00} {row.Others,13:P0}"));
            rows.Add(row);
        }

        return [.. rows];
    }

    private static async Task<Row> MeasureAsync(DataPlane plane, DataPeer giver, Ticket ticket, Process peer)
    {
        // The small ones first need what the compiler makes of code that has run often.
        var bytes = (double)ticket.Length * sizeof(float);
        for (var i = 0; i < Math.Max(5, WarmUpBytes / bytes); i++)
        {
            (await plane.FetchAsync(giver, ticket, default)).Release();
        }

        var others = Neighbours.FromNow(peer);
        var (mine, theirs) = (Environment.CpuUsage.TotalTime, Used(peer));
        var speeds = new double[Repeats];
        for (var i = 0; i < Repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var lease = await plane.FetchAsync(giver, ticket, default);
            speeds[i] = bytes / Megabyte / Stopwatch.GetElapsedTime(start).TotalSeconds;
            lease.Release();
        }

        var moved = Repeats * bytes / Megabyte;
        Array.Sort(speeds);
        return new Row(
            bytes,
            speeds[Repeats / 2],
            speeds[^1],
            (Used(peer) - theirs).TotalMilliseconds / moved,
            (Environment.CpuUsage.TotalTime - mine).TotalMilliseconds / moved,
            others.Share);
    }

    private static TimeSpan Used(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static void Certify(string directory)
    {
        using var authority = CertificateAuthority.OpenOrCreate(directory, TimeProvider.System, out _);
        foreach (var node in (string[])["giver", "taker"])
        {
            authority.Issue(directory, CertificateNames.Parse($"{node},127.0.0.1"), days: 90).Certificate.Dispose();
        }
    }

    /// <param name="Bytes">Of a transfer.</param>
    /// <param name="Median">MB/s.</param>
    /// <param name="Best">MB/s.</param>
    /// <param name="Others">Share of the machine that processes outside took.</param>
    private sealed record Row(double Bytes, double Median, double Best, double GiverMilliseconds, double TakerMilliseconds, double Others);

    private sealed class ScratchDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("actortrainer-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
