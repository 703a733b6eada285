using System.Security.Cryptography;
using System.Text;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Gateway.Access;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Recipes;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.EndToEnd;

/// <summary>The gateway before a real node.</summary>
public sealed class RealNodeTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private TrainingNode _node = null!;
    private RunningGateway _gateway = null!;
    private GrpcChannel _channel = null!;
    private CallInvoker _caller = null!;

    public async Task InitializeAsync()
    {
        _node = await TrainingNode.StartAsync(new NodeOptions { DataDirectory = _directory.Path });
        _gateway = await GatewayHost.StartAsync(new GatewayOptions(), _node);
        _channel = Channels.Open(GatewayEndpoint.Find(_directory.Path)!.Endpoint);
        _caller = _channel.With(AccessToken.Read(_directory.Path).Header);
    }

    [Fact]
    public async Task A_node_describes_itself_and_has_no_jobs_at_first()
    {
        var cluster = await new Proto.Cluster.ClusterClient(_caller).GetClusterAsync(new Proto.GetClusterRequest());
        var jobs = await new Proto.Jobs.JobsClient(_caller).ListJobsAsync(new Proto.ListJobsRequest());

        var node = Assert.Single(cluster.Nodes);
        Assert.Equal(_node.Address, node.Address);
        Assert.Equal((uint)Environment.ProcessorCount, node.Cores);
        Assert.True(node.Reachable);
        Assert.Empty(jobs.Jobs);
    }

    [Fact]
    public async Task A_job_is_submitted_watched_to_its_end_and_its_model_downloaded()
    {
        var jobs = new Proto.Jobs.JobsClient(_caller);
        var spec = Specs.Addition();
        spec.Recipe.Data.BinaryAddition.ValidationSamples = 64;
        spec.Recipe.Training.Steps = 40;
        spec.Recipe.Training.Validation = new Proto.Validation { Interval = 20 };
        spec.Placement = new Proto.Placement { Workers = 2, ParameterShards = 2, CheckpointInterval = 10 };

        var submitted = await jobs.SubmitJobAsync(new Proto.SubmitJobRequest { RequestId = "real-1", Spec = spec });
        var again = await jobs.SubmitJobAsync(new Proto.SubmitJobRequest { RequestId = "real-1", Spec = spec });
        var events = await WatchToItsEnd(submitted.JobId);
        var completed = await jobs.GetJobAsync(new Proto.GetJobRequest { JobId = submitted.JobId });
        var model = await Download(submitted.JobId);

        Assert.Equal(submitted.JobId, again.JobId);
        Assert.Equal(Proto.JobState.Completed, completed.State);
        Assert.Equal((40UL, 40UL), (completed.StepsDone, completed.StepsRecorded));
        Assert.Contains(events, e => e.Validation?.Step == 40);
        Assert.Equal(40UL, events.Last(e => e.Step is not null).Step.Step);
        Assert.Equal(Proto.JobState.Completed, events[^1].Snapshot?.State);
        Assert.Equal(completed.WeightsSha256, model.WeightsSha256);
        Assert.Equal(40, model.Step);
        Assert.Equal(completed.RecipeSha256, RecipeIdentity.Sha256(model.Recipe));
        Assert.Equal(completed, Assert.Single((await jobs.ListJobsAsync(new Proto.ListJobsRequest())).Jobs));

        // Watched from the start again, a job that has ended tells of its end and lets go.
        Assert.Equal(Proto.JobState.Completed, (await WatchToItsEnd(submitted.JobId))[0].Snapshot?.State);
    }

    [Fact]
    public async Task A_text_is_uploaded_and_its_job_paused_asked_to_write_resumed_and_cancelled()
    {
        var jobs = new Proto.Jobs.JobsClient(_caller);
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("中文ab\n", 2_000)));
        var spec = Specs.Text(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        spec.Recipe.Data.Text.SequenceLength = 8;
        spec.Recipe.Training.Steps = 1_000_000;
        var submit = new Proto.SubmitJobRequest { RequestId = "real-2", JobId = "text", Spec = spec };

        (await Errors.Of(async () => await jobs.SubmitJobAsync(submit))).Expect(StatusCode.FailedPrecondition, "DATASET_MISSING");
        using (var upload = new Proto.Datasets.DatasetsClient(_caller).UploadDataset())
        {
            await upload.RequestStream.WriteAsync(new() { Header = new() { Sha256 = spec.Recipe.Data.Text.Sha256, Length = (ulong)bytes.Length } });
            await upload.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(bytes) });
            await upload.RequestStream.CompleteAsync();
            await upload.ResponseAsync;
        }

        await jobs.SubmitJobAsync(submit);
        await WatchUntil("text", e => e.Step?.Step >= 3);
        var paused = await jobs.PauseJobAsync(new Proto.PauseJobRequest { JobId = "text" });
        using var written = new Proto.Models.ModelsClient(_caller).Generate(new Proto.GenerateRequest { JobId = "text", Prime = "中", Length = 20 });
        var text = await written.ResponseStream.ReadToEnd();
        var resumed = await jobs.ResumeJobAsync(new Proto.ResumeJobRequest { JobId = "text" });
        await WatchUntil("text", e => e.Step?.Step > paused.StepsDone);
        var cancelled = await jobs.CancelJobAsync(new Proto.CancelJobRequest { JobId = "text" });

        Assert.Equal((Proto.JobState.Paused, paused.StepsRecorded), (paused.State, paused.StepsDone));
        Assert.Equal(20, string.Concat(text.Select(piece => piece.Text)).EnumerateRunes().Count());
        Assert.All(text, piece => Assert.Equal(paused.StepsDone, piece.Step));
        Assert.NotEqual(Proto.JobState.Paused, resumed.State);
        Assert.Equal(Proto.JobState.Cancelled, cancelled.State);
        (await Errors.Of(async () => await jobs.ResumeJobAsync(new Proto.ResumeJobRequest { JobId = "text" }))).Expect(StatusCode.FailedPrecondition, "JOB_STATE");
    }

    private async Task WatchUntil(string job, Func<Proto.JobEvent, bool> seen)
    {
        using var watch = new Proto.Jobs.JobsClient(_caller).WatchJob(new Proto.WatchJobRequest { JobId = job }, deadline: DateTime.UtcNow.AddSeconds(40));
        while (await watch.ResponseStream.MoveNext(CancellationToken.None))
        {
            if (seen(watch.ResponseStream.Current))
            {
                return;
            }
        }

        Assert.Fail($"the watch of {job} ended before it told what was waited for");
    }

    private async Task<List<Proto.JobEvent>> WatchToItsEnd(string job)
    {
        using var watch = new Proto.Jobs.JobsClient(_caller).WatchJob(new Proto.WatchJobRequest { JobId = job }, deadline: DateTime.UtcNow.AddSeconds(40));
        return await watch.ResponseStream.ReadToEnd();
    }

    private async Task<ModelFile> Download(string job)
    {
        using var download = new Proto.Models.ModelsClient(_caller).DownloadModel(new Proto.DownloadModelRequest { JobId = job });
        var parts = await download.ResponseStream.ReadToEnd();
        return ModelFile.Read(new MemoryStream([.. parts.Skip(1).SelectMany(part => part.Chunk.ToByteArray())]));
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _gateway.StopAsync();
        await _node.StopAsync();
        _directory.Dispose();
    }
}
