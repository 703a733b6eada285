using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Reports;

/// <summary>The states of a job in the words of a report.</summary>
internal static class JobStates
{
    public static string Name(JobState state) => state.ToString().ToLowerInvariant();

    public static bool IsOver(JobState state) => state is JobState.Completed or JobState.Failed or JobState.Cancelled;
}
