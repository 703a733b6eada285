using System.Text;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Tests.Runs;

/// <summary>
/// Jobs over several nodes, each an actor system with ports of its own, in one process: one hash, whoever
/// comes and goes on the way.
/// </summary>
public sealed class ManyNodesSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Of the run that nobody disturbs, on one node; made once.</summary>
    private static readonly Lazy<Task<Dictionary<string, string>>> Undisturbed = new(HashesOfOneNodeAsync);

    private readonly TemporaryDirectory _directory = new();
    private readonly List<TrainingNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // Workers first: their leaving is seen by somebody.
        foreach (var node in Enumerable.Reverse(_nodes))
        {
            await node.StopAsync();
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task Waits_for_workers_and_takes_those_that_join_one_after_the_other()
    {
        var server = await Start(NodeOptions.ServerRole);
        var job = await Submit(server, Addition(workers: 2, shards: 4));
        Assert.Contains((await Job(server, job)).State, new[] { JobState.Queued, JobState.Placing });

        await Start(NodeOptions.WorkerRole);
        await Until(server, job, happened => happened is JobEvent.StepCommitted);
        await Start(NodeOptions.WorkerRole);
        await Finish(server, job, "addition");
    }

    [Fact]
    public async Task Goes_on_when_a_node_that_computes_is_gone_from_one_moment_to_the_next()
    {
        var server = await Start(NodeOptions.ServerRole);
        await Start(NodeOptions.WorkerRole);
        var lost = await Start(NodeOptions.WorkerRole);
        var job = await Submit(server, Addition(workers: 2, shards: 2));
        await Until(server, job, happened => happened is JobEvent.StepCommitted { Step: >= 20 });

        await Kill(lost);

        await Finish(server, job, "addition");
    }

    [Fact]
    public async Task Goes_on_when_a_node_that_computes_leaves_in_good_order()
    {
        var server = await Start(NodeOptions.ServerRole);
        var leaving = await Start(NodeOptions.WorkerRole);
        var job = await Submit(server, Addition(workers: 2, shards: 2));
        await Until(server, job, happened => happened is JobEvent.StepCommitted { Step: >= 20 });

        await Start(NodeOptions.WorkerRole);
        await leaving.StopAsync();

        await Finish(server, job, "addition");
    }

    [Fact]
    public async Task Carries_the_state_of_a_text_between_nodes_that_have_fetched_it()
    {
        var server = await Start(NodeOptions.ServerRole);
        var text = await server.Blobs.AddAsync(new MemoryStream(Encoding.UTF8.GetBytes(Squares)));
        var first = await Start(NodeOptions.WorkerRole);
        var second = await Start(NodeOptions.WorkerRole);

        var job = await Submit(server, Text(text, workers: 2, shards: 2));

        await Finish(server, job, "text");
        Assert.True(first.Blobs.Exists(text));
        Assert.True(second.Blobs.Exists(text));
    }

    [Fact]
    public async Task Offers_a_model_to_a_node_that_fetches_it()
    {
        var server = await Start(NodeOptions.ServerRole);
        var worker = await Start(NodeOptions.WorkerRole);
        var gateway = await Start(NodeOptions.GatewayRole);
        var job = await Submit(gateway, Addition(workers: 1, shards: 2));
        await Until(gateway, job, happened => happened is JobEvent.StepCommitted { Step: >= 20 });

        var offered = await gateway.Registry.Ask<ModelOffered>(new GetModel(job), Patience);
        Assert.Equal(worker.Node, offered.Weights.Node);
        var running = await gateway.FetchModelAsync(offered, CancellationToken.None);
        await Finish(gateway, job, "addition");
        offered = await gateway.Registry.Ask<ModelOffered>(new GetModel(job), Patience);
        Assert.Equal(server.Node, offered.Weights.Node);
        var completed = await gateway.FetchModelAsync(offered, CancellationToken.None);

        Assert.InRange(running.Step, 1, Steps);
        Assert.Null(running.WeightsSha256);
        Assert.Equal(completed.WeightsSha256, WeightsHash.Sha256(completed.Weights.AsSpan()));
        Assert.Equal(1, completed.Schema!.Outputs);
    }

    private const int Steps = 300;

    private static string Squares => string.Concat(Enumerable.Range(0, 400).Select(n => $"{n} times {n} is {n * n}. "));

    private static JobSpec Addition(int workers, int shards) => Specimens.BinaryAddition(workers, shards, Steps, checkpointInterval: 25);

    private static JobSpec Text(string sha256, int workers, int shards) => Specimens.Text(sha256, workers, shards);

    private static async Task<Dictionary<string, string>> HashesOfOneNodeAsync()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await TrainingNode.StartAsync(new NodeOptions { DataDirectory = Path.Combine(directory.Path, "alone"), ComputeThreads = 1 });
        var text = await node.Blobs.AddAsync(new MemoryStream(Encoding.UTF8.GetBytes(Squares)));
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, spec) in new[] { ("addition", Addition(workers: 1, shards: 1)), ("text", Text(text, workers: 1, shards: 1)) })
        {
            var job = await Submit(node, spec);
            await Until(node, job, _ => false);
            hashes.Add(name, (await Job(node, job)).WeightsSha256!);
        }

        return hashes;
    }

    private async Task<TrainingNode> Start(params string[] roles)
    {
        var node = await TrainingNode.StartAsync(new NodeOptions
        {
            DataDirectory = Path.Combine(_directory.Path, $"node-{_nodes.Count}"),
            Roles = [.. roles],
            ComputeThreads = 1,
            SeedNodes = [.. _nodes.Take(1).Select(seed => new Uri(seed.Address).Authority.Split('@')[^1])],
        });
        _nodes.Add(node);
        return node;
    }

    /// <summary>Ends the actor system without a word to the cluster, as far as one process can.</summary>
    private async Task Kill(TrainingNode node)
    {
        _nodes.Remove(node);
        ((ExtendedActorSystem)node.System).Abort();
        await node.StopAsync();
    }

    private static async Task<JobId> Submit(TrainingNode node, JobSpec spec)
    {
        var answer = await node.Registry.Ask<object>(new Submit(Guid.NewGuid().ToString("n"), null, spec), Patience);
        return Assert.IsType<JobView>(answer).Job;
    }

    private static Task<JobView> Job(TrainingNode node, JobId job) => node.Registry.Ask<JobView>(new GetJob(job), Patience);

    private static async Task Finish(TrainingNode node, JobId job, string undisturbed)
    {
        await Until(node, job, _ => false);
        var view = await Job(node, job);
        Assert.Equal((JobState.Completed, (await Undisturbed.Value)[undisturbed]), (view.State, view.WeightsSha256));
    }

    /// <summary>Watches until an event is the right one, or the job has ended.</summary>
    private static async Task Until(TrainingNode node, JobId job, Func<JobEvent, bool> isRight)
    {
        using var inbox = Inbox.Create(node.System);
        node.Registry.Tell(new Watch(job, 0, inbox.Receiver), inbox.Receiver);
        while (true)
        {
            switch (await inbox.ReceiveAsync(Patience))
            {
                case WatchEnded:
                case JobEvent happened when isRight(happened):
                    return;
                case Status.Failure failure:
                    throw failure.Cause;
            }
        }
    }
}
