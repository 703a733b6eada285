using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;
using static ActorTrainer.Cluster.Tests.Runs.SpecCluster;

namespace ActorTrainer.Cluster.Tests.Runs;

/// <summary>Jobs over one server and several nodes that compute: one hash, whoever comes and goes on the way.</summary>
public sealed class ManyNodesSpecs : IAsyncLifetime
{
    private readonly SpecCluster _cluster = new();
    private TrainingNode _server = null!;

    public async Task InitializeAsync() => _server = await _cluster.Start(NodeOptions.ServerRole);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Waits_for_workers_and_takes_those_that_join_one_after_the_other()
    {
        var job = await Submit(_server, Addition(workers: 2, shards: 4));
        Assert.Contains((await Job(_server, job)).State, new[] { JobState.Queued, JobState.Placing });

        await _cluster.Start(NodeOptions.WorkerRole);
        await Until(_server, job, now => now.StepsDone > 0);
        await _cluster.Start(NodeOptions.WorkerRole);

        await Finish(_server, job, "addition");
    }

    [Fact]
    public async Task Goes_on_when_a_node_that_computes_is_gone_from_one_moment_to_the_next()
    {
        await _cluster.Start(NodeOptions.WorkerRole);
        var lost = await _cluster.Start(NodeOptions.WorkerRole);
        var job = await Submit(_server, Addition(workers: 2, shards: 2));
        await Until(_server, job, now => now.StepsDone >= 20);

        await _cluster.Kill(lost);

        await Finish(_server, job, "addition");
    }

    [Fact]
    public async Task Goes_on_when_the_only_node_that_computes_leaves_in_good_order_and_another_comes()
    {
        var leaving = await _cluster.Start(NodeOptions.WorkerRole);
        var job = await Submit(_server, Addition(workers: 2, shards: 2));
        await Until(_server, job, now => now.StepsDone >= 20);

        await _cluster.Leave(leaving);
        await _cluster.Start(NodeOptions.WorkerRole);

        await Finish(_server, job, "addition");
    }

    [Fact]
    public async Task Carries_the_state_of_a_text_on_nodes_that_have_fetched_it()
    {
        var text = await _server.Blobs.AddAsync(new MemoryStream(Squares));
        var first = await _cluster.Start(NodeOptions.WorkerRole);
        var second = await _cluster.Start(NodeOptions.WorkerRole);

        var job = await Submit(_server, Specimens.Text(text, workers: 2, shards: 2));

        await Finish(_server, job, "text");

        // The one may have done it all before the other had the text.
        Assert.True(first.Blobs.Exists(text) || second.Blobs.Exists(text));
    }

    [Fact]
    public async Task Offers_a_model_to_a_node_that_fetches_it()
    {
        var worker = await _cluster.Start(NodeOptions.WorkerRole);
        var gateway = await _cluster.Start(NodeOptions.GatewayRole);
        var job = await Submit(gateway, Addition(workers: 1, shards: 2));
        await Until(gateway, job, now => now.StepsDone >= 20);

        var offered = await gateway.Registry.Ask<ModelOffered>(new GetModel(job), Patience);
        var running = await gateway.FetchModelAsync(offered, CancellationToken.None);
        Assert.Equal(worker.Node, offered.Weights.Node);
        Assert.InRange(running.Step, 1, Steps);
        Assert.Null(running.WeightsSha256);
        await Finish(gateway, job, "addition");
        foreach (var file in Directory.EnumerateFiles(_server.DataDirectory, "*.safetensors", SearchOption.AllDirectories))
        {
            // As if another server had written it.
            File.Delete(file);
        }

        for (var ask = 0; ask < 2; ask++)
        {
            offered = await gateway.Registry.Ask<ModelOffered>(new GetModel(job), Patience);
            var completed = await gateway.FetchModelAsync(offered, CancellationToken.None);

            Assert.Equal(_server.Node, offered.Weights.Node);
            Assert.Equal((await Job(gateway, job)).WeightsSha256, completed.WeightsSha256);
            Assert.Equal(completed.WeightsSha256, WeightsHash.Sha256(completed.Weights.AsSpan()));
            Assert.Equal(1, completed.Schema!.Outputs);
        }
    }
}
