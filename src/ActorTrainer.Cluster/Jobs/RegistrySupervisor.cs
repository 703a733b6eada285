using Akka.Actor;
using Akka.Pattern;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>
/// Starts the registry again after a growing pause whenever it ends. It ends when the journal refuses an event, as
/// it must: what was not stored was not acknowledged. A singleton's manager would leave it at that.
/// </summary>
internal static class RegistrySupervisor
{
    /// <summary>Its name below the singleton.</summary>
    public const string ChildName = "jobs";

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public static Props Props(Props registry) => BackoffSupervisor.Props(
        Backoff.OnStop(registry, ChildName, ShortestPause, LongestPause, randomFactor: 0.2, maxNrOfRetries: -1)
            .WithFinalStopMessage(message => message is JobRegistryActor.Drain)
            .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop)));
}
