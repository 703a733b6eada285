using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Tests.Runs;

/// <summary>Jobs from submission to end on a node of their own: one hash, whatever happens on the way.</summary>
public sealed class WholeJobSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private TrainingNode _node = null!;

    public async Task InitializeAsync() => _node = await TrainingNode.StartAsync(Options);

    public async Task DisposeAsync()
    {
        await _node.StopAsync();
        _directory.Dispose();
    }

    private NodeOptions Options => new() { DataDirectory = Path.Combine(_directory.Path, "node") };

    [Fact]
    public async Task Gives_one_hash_for_any_workers_and_shards()
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (workers, shards) in new[] { (1, 1), (3, 1), (1, 4), (3, 4) })
        {
            var name = $"w{workers}-s{shards}";
            var job = await Finish(await Submit(name, Specimens.BinaryAddition(workers, shards)));

            Assert.Equal(JobState.Completed, job.State);
            Assert.Equal(12, job.StepsDone);
            Assert.Equal(12, job.StepsRecorded);
            hashes.Add(name, job.WeightsSha256!);
        }

        Assert.True(hashes.Values.Distinct().Count() == 1, string.Join(Environment.NewLine, hashes));
    }

    [Fact]
    public async Task Writes_the_model_whose_hash_it_tells()
    {
        var job = await Finish(await Submit("model", Specimens.BinaryAddition()));

        var model = await _node.Registry.Ask<ModelView>(new GetModel(job.Job), Patience);

        Assert.Equal(job.WeightsSha256, model.WeightsSha256);
        Assert.Equal(job.WeightsSha256, WeightsHash.Sha256(model.Weights.AsSpan()));
        Assert.Equal(12, model.Step);
        await using var file = File.OpenRead(model.File!);
        Assert.Equal(job.WeightsSha256, ModelFile.Read(file).WeightsSha256);
    }

    private async Task<JobId> Submit(string name, JobSpec spec)
    {
        var answer = await _node.Registry.Ask<object>(new Submit(name, new JobId(name), spec), Patience);
        return Assert.IsType<JobView>(answer).Job;
    }

    private async Task<JobView> Finish(JobId job)
    {
        var inbox = Inbox.Create(_node.System);
        _node.Registry.Tell(new Watch(job, 0, inbox.Receiver), inbox.Receiver);
        while (true)
        {
            switch (await inbox.ReceiveAsync(Patience))
            {
                case WatchEnded:
                    return await _node.Registry.Ask<JobView>(new GetJob(job), Patience);
                case Status.Failure failure:
                    throw failure.Cause;
            }
        }
    }
}
