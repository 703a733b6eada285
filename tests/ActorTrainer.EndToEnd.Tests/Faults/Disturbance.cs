using System.Globalization;
using ActorTrainer.EndToEnd.Tests.Clusters;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>What can be done to a process from outside.</summary>
internal enum Blow
{
    /// <summary>SIGKILL; its supervisor starts it again.</summary>
    Kill,

    /// <summary>SIGSTOP, and SIGCONT after a while: a zombie if it was given up meanwhile.</summary>
    Stop,

    /// <summary>SIGTERM; it leaves in good order, and is started again.</summary>
    Terminate,
}

/// <summary>One blow to one node.</summary>
/// <param name="For">How long a stopped process stands still.</param>
internal sealed record Disturbance(Blow Blow, ClusterNode Node, TimeSpan For)
{
    /// <summary>Most seconds that a process is stopped for: more than a node may be silent before it is given up.</summary>
    private const double LongestStop = 9;

    public static Disturbance Random(Random random, IReadOnlyList<ClusterNode> nodes) => new(
        random.Next(4) switch { 0 => Blow.Stop, 1 => Blow.Terminate, _ => Blow.Kill },
        nodes[random.Next(nodes.Count)],
        TimeSpan.FromSeconds(0.2 + ((LongestStop - 0.2) * random.NextDouble() * random.NextDouble())));

    public override string ToString() => Blow switch
    {
        Blow.Stop => string.Create(CultureInfo.InvariantCulture, $"SIGSTOP {For.TotalSeconds:F1} s"),
        Blow.Terminate => "SIGTERM",
        _ => "SIGKILL",
    };

    /// <summary>Strikes; a process that was stopped goes on, one that was asked to leave is started again.</summary>
    public async Task StrikeAsync()
    {
        switch (Blow)
        {
            case Blow.Stop:
                await Node.StopAsync();
                await Task.Delay(For);
                await Node.ContinueAsync();
                break;
            case Blow.Terminate:
                Assert.Equal(0, await Node.TerminateAsync());
                Node.Start();
                break;
            default:
                await Node.KillAsync();
                break;
        }
    }
}
