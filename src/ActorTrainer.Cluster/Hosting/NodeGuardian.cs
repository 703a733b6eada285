using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Storage;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>Starts the actors that every node has, by its roles.</summary>
internal static class NodeGuardian
{
    private const string RegistryManager = "registry";

    public static IActorRef Start(ActorSystem system, NodeOptions options, DataDirectory directory, BlobStore blobs)
    {
        if (options.Roles.Contains(NodeOptions.ServerRole))
        {
            system.ActorOf(
                ClusterSingletonManager.Props(
                    Props.Create(() => new JobRegistryActor()),
                    PoisonPill.Instance,
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
