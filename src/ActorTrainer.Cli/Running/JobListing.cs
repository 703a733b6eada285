using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Running;

/// <summary>The jobs of a node as they are now.</summary>
internal static class JobListing
{
    /// <summary>
    /// Newest first. Jobs that have not ended are asked themselves: a node that has just started lists
    /// them as queued until they have read their journals.
    /// </summary>
    public static async Task<ListJobsResponse> ReadAsync(NodeClient client, int limit, CancellationToken cancellation)
    {
        var listed = await client.Jobs.ListJobsAsync(new ListJobsRequest { PageSize = limit }, cancellationToken: cancellation);
        for (var i = 0; i < listed.Jobs.Count; i++)
        {
            if (!JobStates.IsOver(listed.Jobs[i].State))
            {
                listed.Jobs[i] = await client.Jobs.GetJobAsync(
                    new GetJobRequest { JobId = listed.Jobs[i].JobId }, cancellationToken: cancellation);
            }
        }

        return listed;
    }
}
