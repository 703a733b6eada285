using Akka.Actor;

namespace ActorTrainer.Cluster.Runs;

/// <summary>The shells' beat: what a core is told to say again what was not acknowledged (P6).</summary>
internal sealed class Tick
{
    /// <summary>Barrier and shards count their deadlines in it.</summary>
    public const int PerSecond = 10;

    private Tick()
    {
    }

    public static Tick Instance { get; } = new();

    public static void Start(ITimerScheduler timers) =>
        timers.StartPeriodicTimer(Instance, Instance, TimeSpan.FromSeconds(1.0 / PerSecond));
}
