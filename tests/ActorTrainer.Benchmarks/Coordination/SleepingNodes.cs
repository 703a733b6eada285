using System.Globalization;
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

    /// <param name="seed">host:port of the server.</param>
    public static async Task<int> RunAsync(string seed, int count)
    {
        var directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;
        var nodes = new List<TrainingNode>();
        for (var i = 0; i < count; i++)
        {
            nodes.Add(await TrainingNode.StartAsync(new NodeOptions
            {
                DataDirectory = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"node-{i}")),
                Roles = [NodeOptions.WorkerRole],
                SeedNodes = [seed],
                ComputeThreads = 1,
                Compute = Sleep,
            }));
        }

        await Console.Out.WriteLineAsync(ChildProcess.Ready);

        // Each line asks for what was sent so far.
        while (await Console.In.ReadLineAsync() is not null)
        {
            await Console.Out.WriteLineAsync(Traffic.Of(nodes).ToString());
        }

        await Task.WhenAll(nodes.Select(node => node.StopAsync()));
        Directory.Delete(directory, recursive: true);
        return 0;
    }

    private static void Sleep(IComputeWork work)
    {
        Thread.Sleep(SleepMilliseconds);
        work.Compute();
    }
}
