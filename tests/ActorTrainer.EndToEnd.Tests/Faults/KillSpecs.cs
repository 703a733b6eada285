using System.Globalization;
using ActorTrainer.Contracts.V1;
using ActorTrainer.EndToEnd.Tests.Clusters;
using Xunit.Abstractions;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>
/// Processes that are killed, stopped and sent home for real, of every role and at random moments, while
/// one job trains: the hash is that of the run that nothing happened to, and whatever was acknowledged completes.
/// </summary>
/// <remarks>
/// How long each kind of kill takes to recover from is measured by <see cref="RecoverySpecs"/>. ACTORTRAINER_KILLS=50 strikes more often and lets the cluster recover in between, so that the printed
/// times are those of one blow (dotnet test --logger "console;verbosity=detailed" shows them).
/// </remarks>
[Collection(WorkshopCollection.Name)]
public sealed class KillSpecs(FaultJobs jobs, ITestOutputHelper output) : IClassFixture<FaultJobs>
{
    private const int StepsABlow = 100;
    private const int SmallJobEvery = 3;

    [PostgreSqlFact]
    public async Task Random_blows_to_three_servers_a_gateway_and_two_workers_change_no_bit()
    {
        await using var cluster = await ProcessCluster.OfThreeServersAsync(workers: 2);
        await cluster.ShowingLogsAsync(() => StrikeAsync(cluster, Demand.Kills, Demand.Kills > 10));
    }

    [Fact]
    public async Task Random_blows_to_a_server_alone_with_its_file_and_to_its_workers_change_no_bit()
    {
        await using var cluster = await ProcessCluster.OfOneServerAsync(workers: 2);
        await cluster.ShowingLogsAsync(() => StrikeAsync(cluster, Math.Max(4, Demand.Kills / 2), Demand.Kills > 10));
    }

    /// <param name="calm">Waits after each blow until everybody is back.</param>
    private async Task StrikeAsync(ProcessCluster cluster, int blows, bool calm)
    {
        var random = new Random(Demand.Seed);
        var steps = blows * StepsABlow * (calm ? 4 : 1);
        var length = string.Create(CultureInfo.InvariantCulture, $"training.steps={steps}");
        var undisturbed = await jobs.UndisturbedAsync(jobs.Long, length);
        var smallHash = await jobs.UndisturbedAsync(jobs.Short);

        var small = new List<string> { await cluster.SubmitFileAsync(jobs.Short) };
        var spec = (await cluster.Client.GetAsync(small[0])).Spec;
        var job = await cluster.SubmitFileAsync(jobs.Long, length);
        await using var watch = JobWatch.Start(cluster.Client, job);
        var log = new FaultLog(watch, cluster);
        for (var blow = 0; blow < blows; blow++)
        {
            await watch.UntilStepAsync((long)steps * (blow + 1) / (blows + 2));
            await Task.Delay(random.Next(100));
            var disturbance = Disturbance.Random(random, cluster.Nodes);
            await LetServersBeWholeAsync(cluster, disturbance.Node);
            await disturbance.Node.UpAsync();
            log.Note(disturbance.ToString(), disturbance.Node.Name);
            var struck = disturbance.StrikeAsync();
            if (blow % SmallJobEvery == 1)
            {
                small.Add((await cluster.Client.SubmitAsync(string.Create(CultureInfo.InvariantCulture, $"small-{blow}"), spec)).JobId);
            }

            await struck;
            if (calm)
            {
                await cluster.AllUpAsync();
            }
        }

        var ended = await watch.EndAsync();
        output.WriteLine(log.Table(FaultJobs.CheckpointInterval));
        Assert.Equal((JobState.Completed, undisturbed), (ended.State, ended.WeightsSha256));
        foreach (var id in small)
        {
            await using var other = JobWatch.Start(cluster.Client, id);
            var done = await other.EndAsync();
            Assert.Equal((id, JobState.Completed, smallHash), (id, done.State, done.WeightsSha256));
        }
    }

    /// <summary>Of three servers one may be away at a time: with two of them the whole cluster would be.</summary>
    private static async Task LetServersBeWholeAsync(ProcessCluster cluster, ClusterNode victim)
    {
        if (cluster.Servers.Contains(victim) && cluster.Servers.Count > 1)
        {
            await cluster.AllUpAsync();
        }
    }
}
