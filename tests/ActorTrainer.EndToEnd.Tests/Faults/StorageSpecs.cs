using ActorTrainer.Contracts.V1;
using ActorTrainer.EndToEnd.Tests.Clusters;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>What a job does without the place where it keeps what must not be lost.</summary>
[Collection(WorkshopCollection.Name)]
public sealed class StorageSpecs(FaultJobs jobs) : IClassFixture<FaultJobs>
{
    private const string Length = "training.steps=600";

    [PostgreSqlFact]
    public async Task A_database_that_stops_and_starts_changes_no_bit()
    {
        var undisturbed = await jobs.UndisturbedAsync(jobs.Long, Length);
        await using var cluster = await ProcessCluster.OfThreeServersAsync(workers: 2);
        await cluster.ShowingLogsAsync(async () =>
        {
            var job = await cluster.SubmitFileAsync(jobs.Long, Length);
            await using var watch = JobWatch.Start(cluster.Client, job);
            await watch.UntilAsync(arrival => arrival.Event.EventCase == JobEvent.EventOneofCase.Checkpoint);

            await cluster.Database.StopAsync();
            await Task.Delay(TimeSpan.FromSeconds(5));
            await cluster.Database.StartAgainAsync();

            var ended = await watch.EndAsync();
            Assert.Equal((JobState.Completed, undisturbed), (ended.State, ended.WeightsSha256));
        });
    }

    [SmallDiskFact]
    public async Task A_full_disk_alarms_and_the_run_finishes_once_there_is_room()
    {
        var undisturbed = await jobs.UndisturbedAsync(jobs.Long, Length);
        using var disk = SmallDisk.Mount(megabytes: 96);
        await using var cluster = await ProcessCluster.OfOneServerAsync(workers: 1, serverHome: Path.Combine(disk.Root, "s1"));
        await cluster.ShowingLogsAsync(async () =>
        {
            var job = await cluster.SubmitFileAsync(jobs.Long, Length);
            await using var watch = JobWatch.Start(cluster.Client, job);
            await watch.UntilAsync(arrival => arrival.Event.EventCase == JobEvent.EventOneofCase.Checkpoint);
            disk.Fill();
            var full = watch.Step;

            // Two checkpoints fall due and cannot be kept; training goes on all the same.
            await watch.UntilStepAsync(full + (2 * FaultJobs.CheckpointInterval) + 1);
            disk.MakeRoom();

            var ended = await watch.EndAsync();
            Assert.Equal((JobState.Completed, undisturbed), (ended.State, ended.WeightsSha256));

            // On its terminal: the log file lies on the full disk, too.
            Assert.Matches("(?m)error: .* checkpoint .* was not stored", cluster.Gateway.Terminal);
        });
    }
}
