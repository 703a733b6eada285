using System.Net;
using System.Text;
using System.Text.Json;
using ActorTrainer.Contracts.V1;
using ActorTrainer.Gateway.Access;
using ActorTrainer.Gateway.Hosting;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorTrainer.Cli.Tests.Scripted;

/// <summary>
/// A node that says what a test wrote down for it, in a data directory of its own: what the program shows
/// is then a function of the script.
/// </summary>
internal sealed class ScriptedNode : IAsyncDisposable
{
    private readonly WebApplication _web;

    private ScriptedNode(WebApplication web, NodeScript script, string dataDirectory) =>
        (_web, Script, DataDirectory) = (web, script, dataDirectory);

    public NodeScript Script { get; }

    public string DataDirectory { get; }

    public static async Task<ScriptedNode> StartAsync(NodeScript script)
    {
        var directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;
        var token = AccessToken.ReadOrCreate(directory);
        script.Authorization = token.Header;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(script);
        var web = builder.Build();
        web.MapGrpcService<ScriptedJobs>();
        web.MapGrpcService<ScriptedDatasets>();
        web.MapGrpcService<ScriptedModels>();
        web.MapGrpcService<ScriptedCluster>();
        await web.StartAsync();
        var endpoint = new GatewayEndpoint(new Uri(web.Urls.Single()), Environment.ProcessId, DateTimeOffset.UnixEpoch);
        await File.WriteAllTextAsync(Path.Combine(directory, GatewayEndpoint.FileName), JsonSerializer.Serialize(endpoint));
        return new ScriptedNode(web, script, directory);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private sealed class ScriptedCluster(NodeScript script) : Contracts.V1.Cluster.ClusterBase
    {
        public override Task<ClusterInfo> GetCluster(GetClusterRequest request, ServerCallContext context) =>
            context.RequestHeaders.GetValue("authorization") == script.Authorization
                ? Task.FromResult(new ClusterInfo())
                : throw new RpcException(new Status(StatusCode.Unauthenticated, "no token"));
    }

    private sealed class ScriptedJobs(NodeScript script) : Jobs.JobsBase
    {
        public override Task<ValidateJobResponse> ValidateJob(ValidateJobRequest request, ServerCallContext context) =>
            Task.FromResult(new ValidateJobResponse { Spec = request.Spec, Parameters = 4_353 });

        public override Task<ListJobsResponse> ListJobs(ListJobsRequest request, ServerCallContext context) =>
            Task.FromResult(new ListJobsResponse { Jobs = { script.EarlierJobs } });

        public override Task<Job> SubmitJob(SubmitJobRequest request, ServerCallContext context)
        {
            script.Job = new Job { JobId = request.JobId, Spec = request.Spec, State = JobState.Queued, TotalSteps = request.Spec.Recipe.Training.Steps };
            return Task.FromResult(script.Job);
        }

        public override Task<Job> GetJob(GetJobRequest request, ServerCallContext context) =>
            script.EarlierJobs.Append(script.Job).FirstOrDefault(job => job?.JobId == request.JobId) is { } found
                ? Task.FromResult(found)
                : throw new RpcException(new Status(StatusCode.NotFound, $"there is no job '{request.JobId}'"));

        public override async Task WatchJob(WatchJobRequest request, IServerStreamWriter<JobEvent> responses, ServerCallContext context)
        {
            script.Watches.Add(request.AfterSequence);
            foreach (var happened in script.Events.Where(happened => happened.Sequence > request.AfterSequence))
            {
                if (happened.EventCase == JobEvent.EventOneofCase.None)
                {
                    script.Events.Remove(happened);
                    throw new RpcException(new Status(StatusCode.Unavailable, "the connection broke"));
                }

                await responses.WriteAsync(happened);
            }

            script.End(script.Job!);
        }
    }

    private sealed class ScriptedDatasets(NodeScript script) : Datasets.DatasetsBase
    {
        public override Task<Dataset> GetDataset(GetDatasetRequest request, ServerCallContext context) =>
            script.Uploads.ContainsKey(request.Sha256)
                ? Task.FromResult(new Dataset { Sha256 = request.Sha256, Length = (ulong)script.Uploads[request.Sha256].Length, Name = "series.csv" })
                : throw new RpcException(new Status(StatusCode.NotFound, "not here"));

        public override Task<ListDatasetsResponse> ListDatasets(ListDatasetsRequest request, ServerCallContext context) =>
            Task.FromResult(new ListDatasetsResponse
            {
                Datasets = { script.Uploads.Keys.Order().Select(sha256 => new Dataset { Sha256 = sha256, Length = 1_234, Name = "series.csv", StoredAt = DateTimeOffset.UnixEpoch.ToTimestamp() }) },
            });

        public override Task<DatasetDescription> DescribeDataset(DescribeDatasetRequest request, ServerCallContext context) =>
            Task.FromResult(new DatasetDescription { Dataset = new Dataset { Sha256 = request.Sha256, Length = 5 }, Format = DataFormat.Text, Rows = 1, Characters = 5, Symbols = 3 });

        public override async Task<Dataset> UploadDataset(IAsyncStreamReader<UploadDatasetRequest> requests, ServerCallContext context)
        {
            var (header, bytes) = ((UploadHeader?)null, new MemoryStream());
            await foreach (var part in requests.ReadAllAsync())
            {
                header ??= part.Header;
                bytes.Write(part.Chunk.Span);
            }

            script.Uploads[header!.Sha256] = bytes.ToArray();
            return new Dataset { Sha256 = header.Sha256, Length = header.Length, Name = header.Name };
        }
    }

    private sealed class ScriptedModels(NodeScript script) : Contracts.V1.Models.ModelsBase
    {
        public override Task<Evaluation> Evaluate(EvaluateRequest request, ServerCallContext context) => Task.FromResult(script.Evaluation);

        public override async Task Predict(
            IAsyncStreamReader<PredictRequest> requests, IServerStreamWriter<PredictResponse> responses, ServerCallContext context)
        {
            var (header, bytes) = ((PredictHeader?)null, new MemoryStream());
            await foreach (var part in requests.ReadAllAsync())
            {
                header ??= part.Header;
                bytes.Write(part.Chunk.Span);
            }

            script.AskedFor = (header!, Encoding.UTF8.GetString(bytes.ToArray()));
            if (script.PredictionRefused is { } refused)
            {
                throw refused;
            }

            await responses.WriteAsync(new PredictResponse { Header = script.PredictionHeader });
            foreach (var piece in Encoding.UTF8.GetBytes(script.Prediction).Chunk(7))
            {
                await responses.WriteAsync(new PredictResponse { Chunk = ByteString.CopyFrom(piece) });
            }
        }

        public override async Task Generate(GenerateRequest request, IServerStreamWriter<GenerateResponse> responses, ServerCallContext context)
        {
            foreach (var piece in script.Sample)
            {
                await responses.WriteAsync(new GenerateResponse { Text = piece.ToString() });
            }
        }
    }
}
