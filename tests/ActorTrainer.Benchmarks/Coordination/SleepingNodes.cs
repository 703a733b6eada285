using System.Globalization;
using ActorTrainer.Benchmarks.Distribution;
using ActorTrainer.Benchmarks.Processes;
using ActorTrainer.Cluster.Compute;
using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Benchmarks.Coordination;

/// <summary>
/// Many worker nodes in one process, each with an actor system, tensors, data plane and compute thread of its
/// own, whose every order takes a sleep besides its small arithmetic: so many machines that are busy elsewhere.
/// </summary>
internal static class SleepingNodes
{
    /// <summary>How long an order sleeps.</summary>
    public const int SleepMilliseconds = 20;

    private const int StartedTogether = 8;

    /// <param name="seed">host:port of the server.</param>
    public static async Task<int> RunAsync(string seed, int count)
    {
        var job = MeasuredJob.SixtyFourLanes();
        var counter = new TrafficCounter(job.WarmUpSteps, job.Recipe.Training.Steps);
        counter.Start();
        var directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;
        var nodes = new List<TrainingNode>();
        foreach (var together in Enumerable.Range(0, count).Chunk(StartedTogether))
        {
            nodes.AddRange(await Task.WhenAll(together.Select(number => StartAsync(seed, Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"node-{number}"))))));
        }

        await Console.Out.WriteLineAsync(ChildProcess.Ready);

        // Each line asks for what was sent so far.
        while (await Console.In.ReadLineAsync() is not null)
        {
            await Console.Out.WriteLineAsync(counter.Traffic.ToString());
        }

        await Task.WhenAll(nodes.Select(node => node.StopAsync()));
        Directory.Delete(directory, recursive: true);
        return 0;
    }

    private static Task<TrainingNode> StartAsync(string seed, string directory) => TrainingNode.StartAsync(new NodeOptions
    {
        DataDirectory = directory,
        Roles = [NodeOptions.WorkerRole],
        SeedNodes = [seed],
        ComputeThreads = 1,
        Compute = Sleep,
    });

    private static void Sleep(IComputeWork work)
    {
        Thread.Sleep(SleepMilliseconds);
        work.Compute();
    }
}
