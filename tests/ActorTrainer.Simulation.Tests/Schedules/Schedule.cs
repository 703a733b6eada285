using System.Collections.Immutable;
using System.Globalization;
using ActorTrainer.Numerics;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// All that a simulation is a function of. The faults are a list made beforehand: one that is left out
/// changes nothing of the others, so that a failing schedule can be made shorter.
/// </summary>
/// <param name="Number">By which it is found again; also the seed of network, disk and compute times.</param>
internal sealed record Schedule(int Number, Scenario Scenario, SimOptions Options, ImmutableArray<Fault> Faults)
{
    private const int MostFaults = 9;
    private const double MeanMicrosecondsBetweenFaults = 45_000;

    private static readonly FaultKind[] Kinds =
    [
        FaultKind.KillWorker, FaultKind.KillWorker, FaultKind.KillWorkerNode, FaultKind.KillShard, FaultKind.KillBarrier, FaultKind.KillJob,
        FaultKind.KillRegistry, FaultKind.KillServer, FaultKind.KillServer, FaultKind.KillAll, FaultKind.Join, FaultKind.Join,
        FaultKind.FreezeProcess, FaultKind.FreezeProcess, FaultKind.FreezeParty, FaultKind.Partition, FaultKind.Partition,
        FaultKind.OneWayPartition, FaultKind.TearPart, FaultKind.TearPart, FaultKind.PersistFails, FaultKind.SaveFails,
        FaultKind.StoreSilent, FaultKind.StoreSlow, FaultKind.WrongGradient, FaultKind.Pause, FaultKind.DrainServer, FaultKind.DrainWorkers,
    ];

    /// <summary>One of the infinitely many schedules: it has a point of the table of kills, and whatever its number draws.</summary>
    public static Schedule Of(int number)
    {
        var random = new Random(number);
        var point = KillTable.Points[number % KillTable.Points.Length];
        var options = KillCircumstances.Cluster(point, SimOptions.Hostile(random));
        var scenario = random.Next(4) switch
        {
            _ when KillCircumstances.NeedsDivergence(point) => Scenario.Diverging,
            0 when !KillCircumstances.NeedsState(point) => Scenario.TinyAddition,
            1 when !KillCircumstances.NeedsState(point) => Scenario.TinyLines,
            _ => Scenario.TinyText,
        };

        // Each time round the table a point is met another way: alone and first, later, among other faults.
        var round = number / KillTable.Points.Length;
        Fault[] circumstances = [.. KillCircumstances.Of(point, random)];
        Fault[] drawn = [.. Drawn(random)];
        if (circumstances.Length > 0 && (round % 2 == 0 || KillCircumstances.NeedsQuiet(point)))
        {
            (drawn, options) = ([], KillCircumstances.Quiet(point, options));
        }

        var occurrence = circumstances.Length > 0 || round % 2 == 0 ? 1 : 1 + (round % 5);
        var kill = new Fault(FaultKind.KillAtPoint, 0, 0, random.Next(), point, occurrence);
        return new Schedule(number, scenario, options, [.. drawn, .. circumstances, kill]);
    }

    /// <summary>Nothing goes wrong.</summary>
    public static Schedule Calm(Scenario scenario, int workers, int shards, VectorWidth width) =>
        new(1, scenario, SimOptions.Calm(workers, shards, width), []);

    /// <summary>How to have it again.</summary>
    public string Command
    {
        get
        {
            var original = Of(Number);
            var left = string.Join(',', Faults.Select(fault => original.Faults.IndexOf(fault).ToString(CultureInfo.InvariantCulture)));
            return $"ACTORTRAINER_SEED={Number} ACTORTRAINER_FAULTS={(left.Length == 0 ? "none" : left)} "
                + $"ACTORTRAINER_CLUSTER={ScheduleSettings.Write(Options)} "
                + "dotnet test tests/ActorTrainer.Simulation.Tests --filter Every_schedule -l 'console;verbosity=detailed'";
        }
    }

    public override string ToString() =>
        $"schedule {Number}: {Scenario}, {ScheduleSettings.Write(Options)}; {(Faults.IsEmpty ? "no fault" : string.Join("; ", Faults))}";

    private static IEnumerable<Fault> Drawn(Random random)
    {
        var count = random.Next(3) == 0 ? 0 : random.Next(1, MostFaults);
        var at = 0.0;
        for (var i = 0; i < count; i++)
        {
            at += 1_000 - (Math.Log(1 - random.NextDouble()) * MeanMicrosecondsBetweenFaults);
            yield return new Fault(Kinds[random.Next(Kinds.Length)], (long)at, random.Next(10_000, 500_000), random.Next(int.MaxValue));
        }
    }
}
