using System.Diagnostics;
using System.Globalization;
using ActorTrainer.Benchmarks.Distribution;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Benchmarks.Processes;

/// <summary>A process that computes its share of a gradient, as often as it is told, and speaks to no other.</summary>
internal static class BareProcess
{
    /// <summary>The child's side: a line with a number of steps in, a line with seconds a step out.</summary>
    public static int Run(int index, int count)
    {
        var run = MeasuredJob.TwoLayers().Open();
        using var weights = new NetworkWeights(run.Network);
        run.FillInitialWeights(weights.Values);
        weights.Changed();
        var lanes = run.Lanes.Lanes / count;
        using var share = new ComputeShare(run, weights, new LaneBlock(index * lanes, lanes));
        Seconds(share, 1);
        Console.WriteLine(ChildProcess.Ready);
        while (Console.ReadLine() is { } steps)
        {
            Console.WriteLine(Seconds(share, int.Parse(steps, CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture));
        }

        return 0;
    }

    /// <summary>The parent's side: all compute at once.</summary>
    /// <returns>Mean seconds a step.</returns>
    public static async Task<double> MeasureAsync(IReadOnlyList<ChildProcess> children, int steps)
    {
        foreach (var child in children)
        {
            await child.TellAsync(steps.ToString(CultureInfo.InvariantCulture));
        }

        var speed = 0.0;
        foreach (var child in children)
        {
            speed += 1 / double.Parse(await child.ReadAsync(), CultureInfo.InvariantCulture);
        }

        return children.Count / speed;
    }

    private static double Seconds(ComputeShare share, int steps) => DedicatedThread.Compute(() =>
    {
        var begin = Stopwatch.GetTimestamp();
        for (var step = 0; step < steps; step++)
        {
            share.Compute();
        }

        return Stopwatch.GetElapsedTime(begin).TotalSeconds / steps;
    });
}
