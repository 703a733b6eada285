using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Runs;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>Starts the actors that every node has, by its roles.</summary>
internal static class NodeGuardian
{
    private const string RegistryManager = "registry";

    /// <returns>Where the registry is reached, wherever it is.</returns>
    public static IActorRef Start(ActorSystem system, NodeOptions options, RunServices services)
    {
        NodeDeparture.AddTo(system);
        if (options.Roles.Contains(NodeOptions.WorkerRole))
        {
            system.ActorOf(NodeActor.Props(services), NodeActor.Name);
        }

        if (options.Roles.Contains(NodeOptions.ServerRole))
        {
            system.ActorOf(ClusterWatchActor.Props(services), ClusterWatchActor.Name);
            system.ActorOf(ServerDoorActor.Props(services), ServerDoorActor.Name);
            system.ActorOf(
                ClusterSingletonManager.Props(
                    RegistrySupervisor.Props(JobRegistryActor.Props(services)),
                    new JobRegistryActor.Drain(),
                    ClusterSingletonManagerSettings.Create(system).WithRole(NodeOptions.ServerRole)),
                RegistryManager);
        }

        return system.ActorOf(
            ClusterSingletonProxy.Props(
                $"/user/{RegistryManager}",
                ClusterSingletonProxySettings.Create(system).WithRole(NodeOptions.ServerRole)),
            "registry-proxy");
    }
}
