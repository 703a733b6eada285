using System.Diagnostics;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Runs;

/// <summary>Brings data sets that a recipe names and this node has not from those that have: gateways first, where they are uploaded, then servers, then workers.</summary>
/// <param name="fetch">Copies a blob of a peer into the own store; false: it has none.</param>
/// <param name="cache">Bounds what has come; null on a gateway, which keeps everything.</param>
/// <param name="say">What people are to know of it.</param>
internal sealed class BlobPeers(
    NodeId self, ClusterPeers peers, BlobStore blobs, BlobCache? cache, Func<DataPeer, string, CancellationToken, Task<bool>> fetch, Action<string> say)
{
    /// <summary>Returns when all of these data sets are in the own store.</summary>
    /// <exception cref="FileNotFoundException">One is not, and there is no other node to ask.</exception>
    /// <exception cref="DataNotFoundException">One is not, and no other node has it or can be reached.</exception>
    public async Task RequireAsync(IReadOnlyCollection<string> hashes, CancellationToken cancellation)
    {
        foreach (var sha256 in hashes)
        {
            await RequireAsync(sha256, cancellation).ConfigureAwait(false);
        }

        foreach (var gone in cache?.Use(hashes) ?? [])
        {
            say($"Data set {gone} was not used for longest and makes room; it is fetched again when it is needed");
        }
    }

    private async Task RequireAsync(string sha256, CancellationToken cancellation)
    {
        if (blobs.Exists(sha256))
        {
            return;
        }

        var asked = new List<string>();
        foreach (var peer in Order())
        {
            try
            {
                var started = Stopwatch.GetTimestamp();
                say($"Data set {sha256} is asked of {peer}");
                if (await fetch(peer, sha256, cancellation).ConfigureAwait(false))
                {
                    cache?.Fetched(sha256);
                    say($"Data set {sha256} came from {peer}: {blobs.LengthOf(sha256)} bytes in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
                    return;
                }

                asked.Add($"{peer} has none");
            }
            catch (TransferException failure)
            {
                asked.Add($"{peer} did not give it ({failure.Message})");
            }
        }

        var here = $"There is no data set {sha256} on this node";
        throw asked.Count == 0
            ? new FileNotFoundException($"{here}; upload it again.")
            : new DataNotFoundException($"{here}, and no other gave it: {string.Join(", ", asked)}; upload it again.");
    }

    private IEnumerable<DataPeer> Order() => new[] { NodeOptions.GatewayRole, NodeOptions.ServerRole, NodeOptions.WorkerRole }
        .SelectMany(peers.WithRole)
        .Where(peer => peer.Node != self)
        .DistinctBy(peer => peer.Node);
}
