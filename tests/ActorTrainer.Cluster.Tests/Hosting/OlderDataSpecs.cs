using System.IO.Compression;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Tests.Hosting;

/// <summary>
/// The data directory that the first program that trained (commit a7317d1) left, kept in Fixtures: a job that is
/// completed, and one that was paused after 49 of 1,500 steps over carried state, with its checkpoint.
/// </summary>
public sealed class OlderDataSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryDirectory _directory = new();
    private TrainingNode _node = null!;

    public async Task InitializeAsync()
    {
        var data = Path.Combine(_directory.Path, "node");
        ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Fixtures", "paused-job.zip"), data);
        _node = await TrainingNode.StartAsync(new NodeOptions { DataDirectory = data });
    }

    public async Task DisposeAsync()
    {
        await _node.StopAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Knows_what_was_completed()
    {
        var job = await _node.Registry.Ask<JobView>(new GetJob(new JobId("trained")), Patience);

        Assert.Equal((JobState.Completed, 60L, 60L), (job.State, job.StepsDone, job.TotalSteps));
        Assert.Equal("89549b9d504962a22dd789e4a743c53e84cf21241e7489ed7724177083a03bf4", job.WeightsSha256);
        Assert.Equal(2.5756178414449096, job.ValidationLoss);
        Assert.Equal("d73d6442965e808d804a3eb93164990b767b4a8148e1df8315f15f1c1cd50245", job.RecipeSha256);
        Assert.True(File.Exists((await _node.Registry.Ask<ModelView>(new GetModel(job.Job), Patience)).File));
    }

    /// <summary>The hash and the losses are those that the first program came to without a pause.</summary>
    [Fact]
    public async Task Goes_on_with_what_was_paused_to_the_hash_it_would_have_had()
    {
        var job = new JobId("disturbed");
        var paused = await _node.Registry.Ask<JobView>(new GetJob(job), Patience);
        Assert.Equal((JobState.Paused, 49L, 49L, 1500L), (paused.State, paused.StepsDone, paused.StepsRecorded, paused.TotalSteps));

        await _node.Registry.Ask<JobView>(new Resume(job), Patience);
        using var listener = new Listener(_node.System);
        await listener.UntilAsync(_node.Registry, job, _ => false, Patience);

        var finished = await _node.Registry.Ask<JobView>(new GetJob(job), Patience);
        Assert.Equal((JobState.Completed, ""), (finished.State, finished.Reason));
        Assert.Equal("3f6c6ac5f59444d8182419872610e79559c45866677d9350717626002d9f06cd", finished.WeightsSha256);
        Assert.Equal((0.8470710658726261, 2.4490728517776006), (finished.TrainingLoss, finished.ValidationLoss));
    }
}
