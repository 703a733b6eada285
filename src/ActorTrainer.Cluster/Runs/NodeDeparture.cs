using Akka;
using Akka.Actor;
using Akka.Cluster;
using AkkaCluster = Akka.Cluster.Cluster;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// What a node does before it leaves the cluster in good order (P12): the jobs whose shards are here leave a
/// checkpoint, then those whose workers are here deal their lanes to others. In a node with both roles in
/// this order, for without workers no step ends.
/// </summary>
internal static class NodeDeparture
{
    /// <summary>For how long it waits for the jobs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <summary>Lets a system do so when it is shut down.</summary>
    public static void AddTo(ActorSystem system) => CoordinatedShutdown.Get(system).AddTask(
        CoordinatedShutdown.PhaseServiceStop, "leave-jobs", () => LeaveAsync(system));

    /// <summary>Whether the cluster has put this node out: the others go on without it, and it has to be quick.</summary>
    public static bool IsDowned(ActorSystem system) =>
        CoordinatedShutdown.Get(system).ShutdownReason is CoordinatedShutdown.ClusterDowningReason
        || (system is ExtendedActorSystem { Provider: IClusterActorRefProvider } && AkkaCluster.Get(system).SelfMember.Status == MemberStatus.Down);

    private static async Task<Done> LeaveAsync(ActorSystem system)
    {
        if (IsDowned(system))
        {
            return Done.Instance;
        }

        using var patience = new CancellationTokenSource(Patience);
        foreach (var door in new[] { ServerDoorActor.Name, NodeActor.Name })
        {
            try
            {
                // A door that this node has not answers nothing, and says so at once.
                var actor = await system.ActorSelection($"/user/{door}").ResolveOne(TimeSpan.FromSeconds(1), patience.Token);
                await actor.Ask<JobsLeft>(LeaveJobs.Instance, patience.Token);
            }
            catch (ActorNotFoundException)
            {
            }
            catch (Exception late) when (late is OperationCanceledException or AskTimeoutException)
            {
                // What was recorded is recorded; the jobs go on from there.
                break;
            }
        }

        return Done.Instance;
    }
}
