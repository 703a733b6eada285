using ActorTrainer.Contracts.V1;
using ActorTrainer.EndToEnd.Tests.Clusters;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>Cables that are pulled, between nodes with network namespaces and certificates of their own.</summary>
[Collection(WorkshopCollection.Name)]
public sealed class PartitionSpecs(FaultJobs jobs) : IClassFixture<FaultJobs>
{
    private const string Length = "training.steps=2000";

    [NetworkFact]
    public async Task A_worker_and_a_server_that_are_cut_off_and_come_back_change_no_bit()
    {
        var undisturbed = await jobs.UndisturbedAsync(jobs.Long, Length);
        await using var cluster = await ProcessCluster.OfThreeServersInNamespacesAsync(workers: 2);
        await cluster.ShowingLogsAsync(async () =>
        {
            var job = await cluster.SubmitFileAsync(jobs.Long, Length);
            await using var watch = JobWatch.Start(cluster.Client, job);
            await watch.UntilStepAsync(60);

            // The job goes on with the other worker; the one that was cut off is given up, ends and joins anew.
            await CutOffAsync(cluster, watch, cluster.Workers[0]);

            // The first server has the registry and is the first seed: a minority that would be left to itself.
            await CutOffAsync(cluster, watch, cluster.Servers[0]);

            var ended = await watch.EndAsync();
            Assert.Equal((JobState.Completed, undisturbed), (ended.State, ended.WeightsSha256));
        });
    }

    private static async Task CutOffAsync(ProcessCluster cluster, JobWatch watch, ClusterNode node)
    {
        var lives = node.Lives;
        cluster.Network.Cut(node.Settings.Host);
        var cut = DateTime.UtcNow;

        // It ends itself: only then can it not do harm any more.
        await node.LivesAsync(lives + 1);
        await watch.UntilStepAfterAsync(cut);
        cluster.Network.Heal(node.Settings.Host);
        await cluster.AllUpAsync();
    }
}
