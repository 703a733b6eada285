using System.Globalization;
using ActorTrainer.Contracts.V1;
using ActorTrainer.EndToEnd.Tests.Clusters;
using Xunit.Abstractions;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>Workers come and go while a job trains, and the hash stays the one of a run in one process.</summary>
/// <remarks>ACTORTRAINER_SCHEDULES=20 runs so many random schedules after the fixed one.</remarks>
[Collection(WorkshopCollection.Name)]
public sealed class ElasticSpecs(FaultJobs jobs, ITestOutputHelper output) : IClassFixture<FaultJobs>
{
    private const int MostWorkers = 4;
    private const int StepsAChange = 60;

    [PostgreSqlFact]
    public async Task Workers_that_come_and_go_with_three_servers_change_no_bit()
    {
        await using var cluster = await ProcessCluster.OfThreeServersAsync(workers: 1);
        await cluster.ShowingLogsAsync(() => TrainAllAsync(cluster));
    }

    [Fact]
    public async Task Workers_that_come_and_go_with_one_server_and_its_file_change_no_bit()
    {
        await using var cluster = await ProcessCluster.OfOneServerAsync(workers: 1);
        await cluster.ShowingLogsAsync(() => TrainAllAsync(cluster));
    }

    private async Task TrainAllAsync(ProcessCluster cluster)
    {
        await TrainAsync(cluster, [1, 4, 2, 3, 0, 2]);
        var random = new Random(Demand.Seed);
        for (var schedule = 1; schedule < Demand.Schedules; schedule++)
        {
            int[] counts = [.. Enumerable.Range(0, 6).Select(_ => random.Next(MostWorkers + 1))];

            // Somebody must finish it.
            await TrainAsync(cluster, [.. counts, 1 + random.Next(MostWorkers)]);
        }
    }

    private async Task TrainAsync(ProcessCluster cluster, int[] counts)
    {
        var steps = StepsAChange * (counts.Length + 1);
        var length = string.Create(CultureInfo.InvariantCulture, $"training.steps={steps}");
        var undisturbed = await jobs.UndisturbedAsync(jobs.Long, length);
        var job = await cluster.SubmitFileAsync(jobs.Long, length);
        await using var watch = JobWatch.Start(cluster.Client, job);
        for (var i = 0; i < counts.Length; i++)
        {
            if (cluster.Workers.Count > 0)
            {
                await watch.UntilStepAsync((long)i * StepsAChange);
            }

            await ScaleAsync(cluster, counts[i]);
            if (counts[i] == 0)
            {
                await WaitsForWorkersAsync(cluster, job);
            }
        }

        var ended = await watch.EndAsync();
        output.WriteLine($"workers {string.Join(" → ", counts)}: {ended.WeightsSha256}");
        Assert.Equal((JobState.Completed, undisturbed), (ended.State, ended.WeightsSha256));
    }

    /// <summary>Those who go are asked to, with SIGTERM.</summary>
    private static async Task ScaleAsync(ProcessCluster cluster, int workers)
    {
        if (workers > cluster.Workers.Count)
        {
            cluster.AddWorkers(workers - cluster.Workers.Count);
        }
        else if (workers < cluster.Workers.Count)
        {
            // A process that has not come to its first line yet is ended by the system, and not with 0.
            await Task.WhenAll(cluster.Workers.Select(worker => worker.UpAsync()));
            Assert.All(await cluster.RemoveWorkersAsync(cluster.Workers.Count - workers), exitCode => Assert.Equal(0, exitCode));
        }
    }

    /// <summary>A job that nobody computes for says so, and ends not.</summary>
    private static async Task WaitsForWorkersAsync(ProcessCluster cluster, string job)
    {
        using var patience = new CancellationTokenSource(ClusterClient.Patience);
        while (!(await cluster.Client.GetAsync(job)).ToString().Contains("waits for workers", StringComparison.OrdinalIgnoreCase))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
        }
    }
}
