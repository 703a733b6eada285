using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Benchmarks.Processes;

/// <summary>A worker node as a process of its own, with one thread that computes.</summary>
internal static class WorkerProcess
{
    /// <param name="seed">host:port of the server.</param>
    public static async Task<int> RunAsync(string seed)
    {
        var directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;
        await using (var node = await TrainingNode.StartAsync(new NodeOptions
        {
            DataDirectory = Path.Combine(directory, "node"),
            Roles = [NodeOptions.WorkerRole],
            SeedNodes = [seed],
            ComputeThreads = 1,
        }))
        {
            Console.WriteLine(ChildProcess.Ready);

            // Each line asks where its log is.
            while (await Console.In.ReadLineAsync() is not null)
            {
                Console.WriteLine(Path.Combine(directory, "node", NodeLog.FileName));
            }
        }

        Directory.Delete(directory, recursive: true);
        return 0;
    }
}
