using System.Collections.Immutable;
using System.Net.Sockets;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>Brings a node into the cluster, or begins one, as its <see cref="SeedPlan"/> allows.</summary>
internal sealed class ClusterJoin(AkkaCluster cluster, SeedPlan plan, NodeLog log)
{
    private static readonly TimeSpan StateInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Ends when this node is a member that is up; asks for as long as it takes.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var saying = SayThatItWaitsAsync(cancellation);
        if (plan.MayBegin)
        {
            var reached = await ReachQuorumAsync(cancellation);
            if (reached.IsEmpty)
            {
                await cluster.JoinAsync(cluster.SelfAddress, cancellation);
            }
            else
            {
                // Being the first of the list, it asks the others and begins a cluster when none of them is in one.
                await JoinAsync(reached.Prepend(plan.Self), cancellation);
            }
        }
        else
        {
            await JoinAsync(plan.Others, cancellation);
        }

        // Joining ends by one message and the state that Nodes shows is kept by another, which may come later;
        // the library says of neither when the other has.
        while (!IsUp && !cluster.IsTerminated)
        {
            await Task.Delay(StateInterval, cancellation);
        }

        await saying;
    }

    private bool IsUp => cluster.State.Members.Any(member => member.Address == cluster.SelfAddress && member.Status == MemberStatus.Up);

    private async Task JoinAsync(IEnumerable<SeedNode> seeds, CancellationToken cancellation)
    {
        try
        {
            await cluster.JoinSeedNodesAsync(seeds.Select(seed => seed.ToAddress(cluster.SelfAddress)), cancellation);
        }
        catch (ClusterJoinFailedException) when (cancellation.IsCancellationRequested)
        {
            // The library calls it a failure, to its caller it is what was asked for.
            throw new OperationCanceledException(cancellation);
        }
    }

    /// <returns>The others that answer on their ports.</returns>
    private async Task<ImmutableArray<SeedNode>> ReachQuorumAsync(CancellationToken cancellation)
    {
        var said = false;
        while (true)
        {
            var answers = await Task.WhenAll(plan.Others.Select(async seed => (Seed: seed, Answers: await AnswersAsync(seed, cancellation))));
            ImmutableArray<SeedNode> reached = [.. answers.Where(answer => answer.Answers).Select(answer => answer.Seed)];
            if (plan.HasQuorum(reached))
            {
                return reached;
            }

            if (!said)
            {
                said = true;
                log.Notice(
                    DateTime.UtcNow,
                    NodeLogLevel.Warning,
                    nameof(ClusterJoin),
                    $"Waits: of the {plan.Seeds.Length + 1} seed nodes fewer than {plan.Quorum} can be reached, and a cluster begun now might be a second one",
                    cause: null);
            }

            await Task.Delay(ProbeInterval, cancellation);
        }
    }

    private async Task SayThatItWaitsAsync(CancellationToken cancellation)
    {
        await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(5), cancellation), Task.Run(async () =>
        {
            while (!IsUp && !cluster.IsTerminated && !cancellation.IsCancellationRequested)
            {
                await Task.Delay(StateInterval, CancellationToken.None);
            }
        }, CancellationToken.None));
        if (!IsUp && !cluster.IsTerminated && !cancellation.IsCancellationRequested)
        {
            log.Notice(
                DateTime.UtcNow,
                NodeLogLevel.Info,
                nameof(ClusterJoin),
                $"Waits to be let in by {string.Join(", ", plan.Others)}",
                cause: null);
        }
    }

    private static async Task<bool> AnswersAsync(SeedNode seed, CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(ProbeTimeout);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(seed.Host, seed.Port, bounded.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
