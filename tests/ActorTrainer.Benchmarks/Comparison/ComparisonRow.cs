using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>The medians of one case's pairs, in the fields that `-o json` prints.</summary>
internal sealed record ComparisonRow(
    string Case, double OursMs, double? PeerMs, double? Ratio, double? OursGflops, double? PeakGflops, double? ShareOfPeak, int Runs)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <param name="operations">Floating-point operations of our work; 0: not worth naming.</param>
    public static ComparisonRow Of(string name, IReadOnlyList<ComparisonPair> pairs, double operations)
    {
        var hasPeer = !double.IsNaN(pairs[0].PeerSeconds);
        return new(
            name,
            Round(Median(pair => pair.OursSeconds) * 1e3, 4)!.Value,
            hasPeer ? Round(Median(pair => pair.PeerSeconds) * 1e3, 4) : null,
            hasPeer ? Round(Median(pair => pair.Ratio), 4) : null,
            operations == 0 ? null : Round(Median(pair => operations / pair.OursSeconds * 1e-9), 2),
            operations == 0 ? null : Round(Median(pair => pair.PeakGflops), 2),
            operations == 0 ? null : Round(Median(pair => operations / pair.OursSeconds * 1e-9 / pair.PeakGflops), 4),
            pairs.Count);

        double Median(Func<ComparisonPair, double> of) => Quartiles.Of(pairs.Select(of)).Median;

        static double? Round(double value, int digits) => Math.Round(value, digits);
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
