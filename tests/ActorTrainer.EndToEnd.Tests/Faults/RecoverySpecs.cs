using System.Globalization;
using ActorTrainer.EndToEnd.Tests.Clusters;
using Xunit.Abstractions;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>How long a job stands still when one process of a healthy cluster is killed, of each role in turn.</summary>
/// <remarks>
/// ACTORTRAINER_RECOVERY=1 dotnet test --filter RecoverySpecs --logger "console;verbosity=detailed" prints the tables.
/// </remarks>
[Collection(WorkshopCollection.Name)]
public sealed class RecoverySpecs(FaultJobs jobs, ITestOutputHelper output) : IClassFixture<FaultJobs>
{
    /// <summary>More than any of it takes: the job is cancelled at the end.</summary>
    private const string Length = "training.steps=100000";

    private const int StepsBetween = 3 * FaultJobs.CheckpointInterval;

    [RecoveryFact]
    public async Task A_worker_and_each_of_three_servers_that_are_killed_are_soon_made_up_for()
    {
        await using var cluster = await ProcessCluster.OfThreeServersAsync(workers: 2);
        await cluster.ShowingLogsAsync(() => TrainAsync(cluster, async (watch, log) =>
        {
            foreach (var victim in (ClusterNode[])[cluster.Workers[0], .. cluster.Servers, cluster.Workers[1]])
            {
                await CalmAsync(cluster, watch);
                log.Note("SIGKILL", victim.Name);
                await victim.KillAsync();
            }

            foreach (var victim in cluster.Servers)
            {
                await CalmAsync(cluster, watch);
                log.Note("gone for 15 s", victim.Name);
                await victim.KillAsync(hold: true);
                await Task.Delay(TimeSpan.FromSeconds(15));
                victim.LetRestart();
            }
        }));
    }

    [RecoveryFact]
    public async Task A_server_alone_with_its_file_is_soon_back_however_long_it_was_away()
    {
        await using var cluster = await ProcessCluster.OfOneServerAsync(workers: 2);
        await cluster.ShowingLogsAsync(() => TrainAsync(cluster, async (watch, log) =>
        {
            foreach (var seconds in new[] { 0, 3, 8, 20 })
            {
                await CalmAsync(cluster, watch);
                await cluster.Gateway.KillAsync(hold: true);
                await Task.Delay(TimeSpan.FromSeconds(seconds));
                log.Note(string.Create(CultureInfo.InvariantCulture, $"back after {seconds} s"), cluster.Gateway.Name);
                cluster.Gateway.LetRestart();
            }

            await CalmAsync(cluster, watch);
            log.Note("SIGKILL", cluster.Workers[0].Name);
            await cluster.Workers[0].KillAsync();
        }));
    }

    private async Task TrainAsync(ProcessCluster cluster, Func<JobWatch, FaultLog, Task> strike)
    {
        var job = await cluster.SubmitFileAsync(jobs.Long, Length);
        await using var watch = JobWatch.Start(cluster.Client, job);
        var log = new FaultLog(watch, cluster);
        await strike(watch, log);
        await CalmAsync(cluster, watch);
        output.WriteLine(log.Table(FaultJobs.CheckpointInterval));
        await cluster.Client.CancelAsync(job);
    }

    private static async Task CalmAsync(ProcessCluster cluster, JobWatch watch)
    {
        await watch.UntilStepAfterAsync(DateTime.UtcNow);
        await cluster.AllUpAsync();
        await watch.UntilStepAsync(watch.Step + StepsBetween);
    }
}
