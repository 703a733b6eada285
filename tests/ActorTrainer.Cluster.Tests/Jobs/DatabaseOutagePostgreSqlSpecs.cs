using System.Collections.Concurrent;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Tests.Storage;
using ActorTrainer.Tests.Shared;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Tests.Jobs;

/// <summary>A database that goes away in the midst of a job, as in a power cut, and comes back.</summary>
public sealed class DatabaseOutagePostgreSqlSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>After it, who asked asks again.</summary>
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(5);

    /// <summary>What the node has said, for a run that fails.</summary>
    private readonly ConcurrentQueue<string> _notices = [];

    [DatabaseFact]
    public async Task Loses_nothing_that_was_acknowledged_and_goes_on_to_the_same_hash()
    {
        var spec = Specimens.BinaryAddition(workers: 2, shards: 2, steps: 3000, checkpointInterval: 20);
        using var directory = new TemporaryDirectory();
        using var server = PostgreSqlServer.Start();
        await using var node = await TrainingNode.StartAsync(
            new NodeOptions { DataDirectory = Path.Combine(directory.Path, "node"), DatabaseConnection = server.NewDatabase() });
        node.Log.Noticed += notice => _notices.Enqueue(notice.ToString());
        var undisturbed = await Finish(node, await Submit(node, "undisturbed", spec));
        using var listener = new Listener(node.System);
        listener.Watch(await node.System.ActorSelection($"/user/registry/singleton/{RegistrySupervisor.ChildName}").ResolveOne(Patience));

        var disturbed = await Submit(node, "disturbed", spec);
        await Until(node, disturbed, happened => happened is JobEvent.CheckpointRecorded);
        server.Stop();

        // Not acknowledged, and so it may be lost; it takes the registry with it, and that the jobs.
        node.Registry.Tell(new Submit("late", new JobId("late"), spec), ActorRefs.NoSender);
        Assert.IsType<Terminated>(await listener.ReceiveAsync(Patience));
        server.StartAgain();

        var late = await Submit(node, "late", Specimens.BinaryAddition());
        var finished = await Finish(node, disturbed);
        Assert.Equal((JobState.Completed, ""), (finished.State, finished.Reason));
        Assert.Equal(undisturbed.WeightsSha256, finished.WeightsSha256);
        Assert.Equal(JobState.Completed, (await Finish(node, late)).State);
        Assert.Equal(undisturbed.WeightsSha256, (await Ask(node, new GetJob(undisturbed.Job))).WeightsSha256);
    }

    private static async Task<JobId> Submit(TrainingNode node, string name, JobSpec spec) =>
        (await Ask(node, new Submit(name, new JobId(name), spec))).Job;

    /// <summary>As every client does: with the same request again, until it is answered.</summary>
    private static async Task<JobView> Ask(TrainingNode node, object request)
    {
        for (var since = DateTime.UtcNow; ;)
        {
            try
            {
                return Assert.IsType<JobView>(await node.Registry.Ask<object>(request, Impatience));
            }
            catch (AskTimeoutException) when (DateTime.UtcNow - since < Patience)
            {
            }
        }
    }

    private async Task<JobView> Finish(TrainingNode node, JobId job)
    {
        await Until(node, job, _ => false);
        return await Ask(node, new GetJob(job));
    }

    private async Task Until(TrainingNode node, JobId job, Func<JobEvent, bool> isRight)
    {
        using var listener = new Listener(node.System);
        for (var since = DateTime.UtcNow; DateTime.UtcNow - since < Patience;)
        {
            try
            {
                await listener.UntilAsync(node.Registry, job, isRight, Impatience);
                return;
            }
            catch (TimeoutException)
            {
                // Watches again: whom it watched may be gone.
            }
        }

        Assert.Fail($"job {job} did not come to it within {Patience}: {await Ask(node, new GetJob(job))}\n{string.Join('\n', _notices.TakeLast(100))}");
    }
}
