using System.Runtime.CompilerServices;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Contracts.V1;
using Grpc.Core;

namespace ActorTrainer.Cli.Running;

/// <summary>The events of a job, each once, over as many connections as it takes.</summary>
internal static class JobEvents
{
    private const int MostAttempts = 8;

    /// <summary>From the job as it is now and its first event to its end.</summary>
    /// <exception cref="RpcException">There is no such job, or the node is gone for good.</exception>
    public static async IAsyncEnumerable<JobEvent> WatchAsync(
        NodeClient client, string job, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var last = 0UL;
        var attempts = 0;
        while (true)
        {
            using var call = client.Jobs.WatchJob(
                new WatchJobRequest { JobId = job, AfterSequence = last }, cancellationToken: cancellation);
            JobEvent? next;
            do
            {
                try
                {
                    next = await call.ResponseStream.MoveNext(cancellation) ? call.ResponseStream.Current : null;
                    attempts = 0;
                }
                catch (RpcException broken) when (IsPassing(broken) && ++attempts < MostAttempts)
                {
                    break;
                }

                if (next is null)
                {
                    yield break;
                }

                last = Math.Max(last, next.Sequence);
                yield return next;
            }
            while (true);

            await Task.Delay(TimeSpan.FromMilliseconds(100 << attempts), cancellation);
        }
    }

    private static bool IsPassing(RpcException broken) =>
        broken.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.Aborted;
}
