using ActorTrainer.Cli.Connections;
using ActorTrainer.Contracts.V1;
using Grpc.Core;

namespace ActorTrainer.Cli.Running;

/// <summary>Asks a node how good a finished model is in the units of its data.</summary>
internal static class ModelEvaluation
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <returns>Null if the node cannot say it, for instance because nothing validates: the run is over all the same.</returns>
    public static async Task<Evaluation?> AskAsync(NodeClient client, string job, CancellationToken cancellation)
    {
        try
        {
            return await client.Models.EvaluateAsync(
                new EvaluateRequest { JobId = job }, deadline: DateTime.UtcNow + Timeout, cancellationToken: cancellation);
        }
        catch (Exception missed) when (missed is RpcException or OperationCanceledException)
        {
            return null;
        }
    }
}
