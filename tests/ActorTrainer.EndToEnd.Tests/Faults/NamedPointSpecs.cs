using ActorTrainer.Contracts.V1;
using ActorTrainer.EndToEnd.Tests.Clusters;
using Xunit.Abstractions;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>Kills at the points of a job's life where most is at stake, struck as soon as its watcher hears of them.</summary>
[Collection(WorkshopCollection.Name)]
public sealed class NamedPointSpecs(FaultJobs jobs, ITestOutputHelper output) : IClassFixture<FaultJobs>
{
    private const string Length = "training.steps=400";

    private static readonly (string Name, Func<JobEvent, bool> IsIt)[] Points =
    [
        ("placing", Is(JobState.Placing)),
        ("first step", happened => happened.EventCase == JobEvent.EventOneofCase.Step),
        ("checkpoint", happened => happened.EventCase == JobEvent.EventOneofCase.Checkpoint),
        ("validation", happened => happened.EventCase == JobEvent.EventOneofCase.Validation),
        ("finishing", Is(JobState.Finishing)),
    ];

    [Fact]
    public async Task A_server_alone_and_its_worker_killed_at_every_point_of_a_job_change_no_bit()
    {
        var undisturbed = await jobs.UndisturbedAsync(jobs.Long, Length);
        await using var cluster = await ProcessCluster.OfOneServerAsync(workers: 1);
        await cluster.ShowingLogsAsync(async () =>
        {
            var job = await cluster.SubmitFileAsync(jobs.Long, Length);
            await using var watch = JobWatch.Start(cluster.Client, job);
            var log = new FaultLog(watch, cluster);
            foreach (var (name, isIt) in Points)
            {
                await watch.UntilAsync(arrival => isIt(arrival.Event));
                log.Note(name, "s1+w1");
                await Task.WhenAll(cluster.Gateway.KillAsync(), cluster.Workers[0].KillAsync());
            }

            var ended = await watch.EndAsync();
            output.WriteLine(log.Table(FaultJobs.CheckpointInterval));
            Assert.Equal((JobState.Completed, undisturbed), (ended.State, ended.WeightsSha256));
        });
    }

    private static Func<JobEvent, bool> Is(JobState state) =>
        happened => happened.EventCase == JobEvent.EventOneofCase.Snapshot && happened.Snapshot.State >= state;
}
