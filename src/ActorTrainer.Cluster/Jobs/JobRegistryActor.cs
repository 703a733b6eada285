using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>Takes jobs and answers for them.</summary>
internal sealed class JobRegistryActor : ReceiveActor
{
    public JobRegistryActor()
    {
        Receive<ListJobs>(_ => Sender.Tell(new JobPage([], null)));
        Receive<GetJob>(get => Sender.Tell(new JobNotFound(get.Job)));
        Receive<Submit>(_ => Sender.Tell(new Refused("This version of the node does not run jobs yet.")));
    }
}
