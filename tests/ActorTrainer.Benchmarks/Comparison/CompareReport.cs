using System.Text.Json;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>What `compare` prints: a table with each pair's ratio below its row, or an object a line.</summary>
internal sealed class CompareReport(bool asJson)
{
    private const int RatiosInLine = 20;

    private bool _saidAlone;

    public void Begin(string vectors, CompareOptions options)
    {
        if (asJson)
        {
            return;
        }

        Console.WriteLine($"{vectors}; 1 thread, {options.Lanes} lanes; medians of {options.Pairs} pairs of {(options.Turn == 1 ? "steps" : $"turns of {options.Turn} steps, the last of which counts")}, the peak measured before each");
        Console.WriteLine($"{"row",-10} {"ours ms",9} {"libtorch",9} {"ratio",7} {"quartiles",14} {"GFLOP/s",8} {"peak",7} {"share",7}");
    }

    /// <summary>Says once why the peer is missing.</summary>
    public void SayAlone(string reason)
    {
        if (!_saidAlone)
        {
            Warn($"libtorch does not run here ({reason}); ours is measured alone");
            _saidAlone = true;
        }
    }

    public void Warn(string text) => Console.Error.WriteLine(text);

    public void Add(string title, ComparisonRow row, IReadOnlyList<ComparisonPair> pairs)
    {
        if (asJson)
        {
            Console.WriteLine(row.ToJson());
            return;
        }

        var ratios = row.Ratio is null ? new Quartiles(double.NaN, double.NaN, double.NaN) : Quartiles.Of(pairs.Select(pair => pair.Ratio));
        Console.WriteLine(
            $"{row.Case,-10} {row.OursMs,9:F3} {row.PeerMs,9:F3} {row.Ratio,7:F3} {Range(ratios),14} {row.OursGflops,8:F1} {row.PeakGflops,7:F1} {row.ShareOfPeak,7:P1}  {title}");
        if (row.Ratio is null)
        {
            return;
        }

        foreach (var line in pairs.Select(pair => $"{pair.Ratio:F3}").Chunk(RatiosInLine))
        {
            Console.WriteLine($"           {string.Join(' ', line)}");
        }
    }

    /// <summary>A function over many floats, told in ns an element.</summary>
    public void AddFunction(string title, ComparisonRow row, int elements)
    {
        Console.WriteLine(asJson ? row.ToJson() : $"{row.Case,-10} {row.OursMs * 1e6 / elements,9:F3} ns an element  {title}");
    }

    /// <summary>Bytes beyond the idle process.</summary>
    public void AddMemory(string name, string title, double ours, double? peer)
    {
        var (oursMb, peerMb, ratio) = (Math.Round(ours / (1 << 20), 1), peer / (1 << 20), ours / peer);
        Console.WriteLine(asJson
            ? JsonSerializer.Serialize(new { @case = name, ours_mb = oursMb, peer_mb = peerMb is null ? (double?)null : Math.Round(peerMb.Value, 1), ratio = ratio is null ? (double?)null : Math.Round(ratio.Value, 4) })
            : $"{name,-10} {oursMb,9:F1} {peerMb,9:F1} {ratio,7:F3}  MB beyond the idle process: {title}");
    }

    private static string Range(Quartiles ratios) => double.IsNaN(ratios.Median) ? "" : $"{ratios.First:F3}-{ratios.Third:F3}";
}
