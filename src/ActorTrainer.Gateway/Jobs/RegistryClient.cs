using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Grpc.Core;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Asks the job registry, and turns what it declines into the public error model.</summary>
internal sealed class RegistryClient(GatewayNode node, GatewayOptions options)
{
    /// <summary>Jobs that one message carries; a longer page is put together from several (P13).</summary>
    private const int JobsPerMessage = 32;

    public Task<JobView> Submit(Submit submit, CancellationToken cancellation) =>
        Ask<JobView>(submit, ErrorReason.SubmissionRefused, options.RegistryTimeoutSeconds, cancellation);

    public Task<JobView> Get(JobId job, CancellationToken cancellation) =>
        Ask<JobView>(new GetJob(job), ErrorReason.JobState, options.RegistryTimeoutSeconds, cancellation);

    public Task<JobView> Cancel(JobId job, CancellationToken cancellation) =>
        Ask<JobView>(new Cancel(job), ErrorReason.JobState, options.RegistryTimeoutSeconds, cancellation);

    public Task<JobView> Pause(JobId job, CancellationToken cancellation) =>
        Ask<JobView>(new Pause(job), ErrorReason.JobState, options.PauseTimeoutSeconds, cancellation);

    public Task<JobView> Resume(JobId job, CancellationToken cancellation) =>
        Ask<JobView>(new Resume(job), ErrorReason.JobState, options.RegistryTimeoutSeconds, cancellation);

    /// <summary>The model in this process, wherever the registry keeps it.</summary>
    public async Task<ModelView> GetModel(JobId job, CancellationToken cancellation)
    {
        for (var again = false; ; again = true)
        {
            var answer = await Ask<object>(new GetModel(job), ErrorReason.ModelNotReady, options.RegistryTimeoutSeconds, cancellation);
            try
            {
                return answer switch
                {
                    ModelView here => here,
                    ModelOffered offered => await node.Fetch(offered, cancellation),
                    _ => throw new InvalidOperationException($"the registry answered {nameof(GetModel)} with {answer.GetType().Name}"),
                };
            }
            catch (TransferException lost) when (again)
            {
                throw ApiError.Of(
                    StatusCode.Unavailable,
                    ErrorReason.NodeUnavailable,
                    $"the model of the job '{job.Value}' could not be fetched from the node that holds it: {lost.Message.TrimEnd('.')}; call again");
            }
            catch (TransferException)
            {
                // Another version may be the newest by now, or another node hold the registry.
            }
        }
    }

    public async Task<(List<JobView> Jobs, JobId? Next)> List(int size, JobId? after, CancellationToken cancellation)
    {
        var jobs = new List<JobView>();
        while (true)
        {
            var page = await Ask<JobPage>(
                new ListJobs(Math.Min(size - jobs.Count, JobsPerMessage), after),
                ErrorReason.JobState,
                options.RegistryTimeoutSeconds,
                cancellation);
            jobs.AddRange(page.Jobs);
            after = page.Next;
            if (after is null || jobs.Count >= size)
            {
                return (jobs, after);
            }
        }
    }

    private async Task<TReply> Ask<TReply>(object request, string refusal, double timeoutSeconds, CancellationToken cancellation)
    {
        object reply;
        try
        {
            reply = await node.Registry.Ask<object>(request, TimeSpan.FromSeconds(timeoutSeconds), cancellation);
        }
        catch (AskTimeoutException)
        {
            throw ApiError.Of(
                StatusCode.Unavailable,
                ErrorReason.NodeUnavailable,
                $"the job registry did not answer {request.GetType().Name} within {timeoutSeconds} s; call again, every call may be repeated");
        }

        return reply switch
        {
            JobNotFound missing => throw NotFound(missing.Job),
            Refused refused => throw ApiError.Of(StatusCode.FailedPrecondition, refusal, refused.Reason),
            TReply expected => expected,
            _ => throw new InvalidOperationException($"the registry answered {request.GetType().Name} with {reply.GetType().Name}"),
        };
    }

    public static RpcException NotFound(JobId job) => ApiError.Of(
        StatusCode.NotFound,
        ErrorReason.JobNotFound,
        $"there is no job '{job.Value}'; ListJobs names those there are",
        ("job_id", job.Value));
}
