using System.Globalization;

namespace ActorTrainer.Simulation.Tests;

/// <summary>A cluster in one word of a command, and back; and what the environment asks for.</summary>
internal static class ScheduleSettings
{
    /// <summary>How many schedules are run.</summary>
    public static int Count => Number("ACTORTRAINER_SCHEDULES") ?? 2_000;

    /// <summary>The one that is run alone and told in full; null: all.</summary>
    public static Schedule? One
    {
        get
        {
            if (Number("ACTORTRAINER_SEED") is not { } seed)
            {
                return null;
            }

            var schedule = Schedule.Of(seed);
            if (Environment.GetEnvironmentVariable("ACTORTRAINER_FAULTS") is { Length: > 0 } faults)
            {
                schedule = schedule with
                {
                    Faults = faults == "none" ? [] : [.. faults.Split(',').Select(index => schedule.Faults[int.Parse(index, CultureInfo.InvariantCulture)])],
                };
            }

            return Environment.GetEnvironmentVariable("ACTORTRAINER_CLUSTER") is { Length: > 0 } cluster
                ? schedule with { Options = Read(cluster, schedule.Options) }
                : schedule;
        }
    }

    public static string Write(SimOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"workers={options.Workers},pernode={options.WorkersPerNode},minimum={options.MinimumWorkers},shards={options.Shards},servers={options.Servers},mixed={options.Mixed},interval={options.CheckpointInterval},drop={options.Drop:R},duplicate={options.Duplicate:R},slow={options.Slow:R},fetch={options.FetchFails:R},linger={options.Linger}");

    public static SimOptions Read(string text, SimOptions options)
    {
        foreach (var pair in text.Split(','))
        {
            var (name, value) = (pair.Split('=')[0], pair.Split('=')[1]);
            options = name switch
            {
                "workers" => options with { Workers = int.Parse(value, CultureInfo.InvariantCulture) },
                "pernode" => options with { WorkersPerNode = int.Parse(value, CultureInfo.InvariantCulture) },
                "minimum" => options with { MinimumWorkers = int.Parse(value, CultureInfo.InvariantCulture) },
                "shards" => options with { Shards = int.Parse(value, CultureInfo.InvariantCulture) },
                "servers" => options with { Servers = int.Parse(value, CultureInfo.InvariantCulture) },
                "mixed" => options with { Mixed = bool.Parse(value) },
                "interval" => options with { CheckpointInterval = int.Parse(value, CultureInfo.InvariantCulture) },
                "drop" => options with { Drop = double.Parse(value, CultureInfo.InvariantCulture) },
                "duplicate" => options with { Duplicate = double.Parse(value, CultureInfo.InvariantCulture) },
                "slow" => options with { Slow = double.Parse(value, CultureInfo.InvariantCulture) },
                "fetch" => options with { FetchFails = double.Parse(value, CultureInfo.InvariantCulture) },
                "linger" => options with { Linger = bool.Parse(value) },
                _ => throw new ArgumentException($"a cluster has no \"{name}\""),
            };
        }

        return options;
    }

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
