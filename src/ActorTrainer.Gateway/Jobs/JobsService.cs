using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using Grpc.Core;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Training jobs, as jobs.proto describes them.</summary>
internal sealed class JobsService(GatewayNode node, GatewayOptions options, RegistryClient registry, RunInspector inspector, Watches watches, StopSignal stop)
    : Proto.Jobs.JobsBase
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1_000;

    public override async Task<Proto.Job> SubmitJob(Proto.SubmitJobRequest request, ServerCallContext context)
    {
        var names = new FieldProblems();
        JobNames.Check(request.RequestId, request.JobId, names);
        var spec = Read(request.Spec, names);
        RequireData(spec.Recipe.Data);
        await inspector.CountParameters(spec.Recipe, context.CancellationToken);

        var job = request.JobId.Length == 0 ? (JobId?)null : new JobId(request.JobId);
        return JobMapping.ToProto(await registry.Submit(
            new RegistryProtocol.Submit(request.RequestId, job, spec), context.CancellationToken));
    }

    public override async Task<Proto.ValidateJobResponse> ValidateJob(Proto.ValidateJobRequest request, ServerCallContext context)
    {
        var spec = Read(request.Spec, new FieldProblems());
        var answer = new Proto.ValidateJobResponse
        {
            Spec = SpecMapping.ToProto(spec),
            RecipeSha256 = RecipeIdentity.Sha256(spec.Recipe),
            Remarks = { RecipeValidation.Remarks(spec) },
        };
        if (inspector.HasData(spec.Recipe.Data))
        {
            answer.Parameters = (ulong)await inspector.CountParameters(spec.Recipe, context.CancellationToken);
        }

        return answer;
    }

    public override async Task<Proto.Job> GetJob(Proto.GetJobRequest request, ServerCallContext context) =>
        JobMapping.ToProto(await registry.Get(JobNames.Require(request.JobId), context.CancellationToken));

    public override async Task<Proto.ListJobsResponse> ListJobs(Proto.ListJobsRequest request, ServerCallContext context)
    {
        if (request.PageSize is < 0 or > LargestPage)
        {
            throw ApiError.InvalidArgument("page_size", $"{request.PageSize}", $"0 (which means {DefaultPage}) to {LargestPage}");
        }

        var size = request.PageSize == 0 ? DefaultPage : request.PageSize;
        var (jobs, next) = await registry.List(size, JobNames.ReadPageToken(request.PageToken), context.CancellationToken);
        return new Proto.ListJobsResponse
        {
            Jobs = { jobs.Select(JobMapping.ToProto) },
            NextPageToken = next is { } last ? JobNames.PageToken(last) : "",
        };
    }

    public override async Task WatchJob(Proto.WatchJobRequest request, IServerStreamWriter<Proto.JobEvent> responses, ServerCallContext context)
    {
        var job = JobNames.Require(request.JobId);
        if (request.AfterSequence > long.MaxValue)
        {
            throw ApiError.InvalidArgument("after_sequence", $"{request.AfterSequence}", "the sequence of an event of this job, or 0");
        }

        using var slot = watches.TryTake() ?? throw ApiError.Of(
            StatusCode.ResourceExhausted,
            ErrorReason.WatchesBusy,
            $"{watches.Count} watches run, the most this node serves; close one, or use GetJob");

        var buffer = new WatchBuffer(options.MaxWaitingSteps, options.MaxWaitingEvents);
        var watcher = node.System.ActorOf(Props.Create(() => new JobWatcher(
            job, (long)request.AfterSequence, node.Registry, buffer, TimeSpan.FromSeconds(options.WatchAgainSeconds))));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stop.Stopping);
        try
        {
            while (await buffer.Next(ending.Token) is { } happened)
            {
                await responses.WriteAsync(JobMapping.ToProto(happened), ending.Token);
            }
        }
        catch (OperationCanceledException) when (stop.Stopping.IsCancellationRequested)
        {
            throw new NodeStoppingException();
        }
        finally
        {
            node.System.Stop(watcher);
        }
    }

    public override async Task<Proto.Job> CancelJob(Proto.CancelJobRequest request, ServerCallContext context) =>
        JobMapping.ToProto(await registry.Cancel(JobNames.Require(request.JobId), context.CancellationToken));

    public override async Task<Proto.Job> PauseJob(Proto.PauseJobRequest request, ServerCallContext context) =>
        JobMapping.ToProto(await registry.Pause(JobNames.Require(request.JobId), context.CancellationToken));

    public override async Task<Proto.Job> ResumeJob(Proto.ResumeJobRequest request, ServerCallContext context) =>
        JobMapping.ToProto(await registry.Resume(JobNames.Require(request.JobId), context.CancellationToken));

    /// <summary>The spec of a request, whose own fields may have problems too.</summary>
    private static JobSpec Read(Proto.JobSpec? spec, FieldProblems request)
    {
        var mapped = SpecMapping.FromProto(spec);
        var all = request.With(JobNames.InRequest(mapped.Violations));
        return all.IsEmpty ? mapped.Spec! : throw ApiError.InvalidArgument(all);
    }

    private void RequireData(DataRecipe data)
    {
        foreach (var file in data.Files.Where(file => !node.Blobs.Exists(file.Sha256)))
        {
            throw ApiError.Of(
                StatusCode.FailedPrecondition,
                ErrorReason.DatasetMissing,
                $"the data set {file.Sha256} is not on this node; send it with UploadDataset, then submit again",
                ("sha256", file.Sha256));
        }
    }
}
