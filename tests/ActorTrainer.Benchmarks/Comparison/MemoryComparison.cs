using System.Globalization;
using ActorTrainer.Benchmarks.Processes;

namespace ActorTrainer.Benchmarks.Comparison;

/// <summary>
/// What a job takes of memory beyond the idle process: the peak over some steps, both sides in fresh processes, one
/// after the other.
/// </summary>
internal static class MemoryComparison
{
    public const string Prefix = "memory-";

    private const int Steps = 20;

    /// <summary>Bytes of our process.</summary>
    public static async Task<double> OursAsync(ComparisonCase one, int lanes)
    {
        using var child = await ChildProcess.StartAsync(OurProcess.Command, one.Name, lanes.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < Steps; i++)
        {
            await child.TellAsync(PeerModel.Step);
            _ = await child.ReadAsync();
        }

        await child.TellAsync(PeerModel.Memory);
        return double.Parse(await child.ReadAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>Bytes of the peer's.</summary>
    public static double Of(LibtorchPeer peer)
    {
        for (var i = 0; i < Steps; i++)
        {
            _ = peer.Seconds();
        }

        return peer.Bytes();
    }
}
