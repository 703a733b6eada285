using System.Globalization;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>How much of a long test is run: a little always, more on demand, by an environment variable.</summary>
internal static class Demand
{
    /// <summary>Blows during one job.</summary>
    public static int Kills => Number("ACTORTRAINER_KILLS", 10);

    /// <summary>Random schedules of workers that come and go.</summary>
    public static int Schedules => Number("ACTORTRAINER_SCHEDULES", 1);

    /// <summary>Whether to take the time of recoveries, which says something on a quiet machine only.</summary>
    public static bool Recovery => Number("ACTORTRAINER_RECOVERY", 0) > 0;

    /// <summary>Whether what nodes wrote is left in the temporary directory.</summary>
    public static bool KeepsLogs => Number("ACTORTRAINER_KEEP", 0) > 0;

    /// <summary>Seed of whatever is random.</summary>
    public static int Seed => Number("ACTORTRAINER_SEED", 20261124);

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
