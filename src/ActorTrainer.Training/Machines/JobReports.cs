using System.Collections.Immutable;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Training.Machines;

/// <summary>The committed items a living job has seen, each once, whatever was repeated (P8).</summary>
internal sealed class JobReports
{
    /// <summary>As far as the reports say.</summary>
    public JobProgress Progress { get; private set; } = JobProgress.None;

    /// <summary>The job goes on from a checkpoint in a new process, which has seen no report.</summary>
    public void StartFrom(JobProgress progress) => Progress = progress;

    /// <summary>
    /// Takes consecutive reports. Those seen before are left out, and those after a gap wait until what is
    /// missing is said again.
    /// </summary>
    /// <param name="seen">The last item that may be acknowledged, or null.</param>
    /// <returns>The reports that are new.</returns>
    public ImmutableArray<ItemReport> Take(ImmutableArray<ItemReport> reports, out long? seen)
    {
        seen = null;
        var news = ImmutableArray.CreateBuilder<ItemReport>();
        foreach (var report in reports)
        {
            if (report.Item > Progress.Item + 1)
            {
                break;
            }

            seen = report.Item;
            if (report.Item == Progress.Item + 1)
            {
                Progress = With(report);
                news.Add(report);
            }
        }

        return news.DrainToImmutable();
    }

    private JobProgress With(ItemReport report)
    {
        var progress = Progress with { Item = report.Item, Step = report.Step };
        var sums = report.Recent;
        if (report.Training)
        {
            return progress with { TrainingLoss = Mean(sums.Loss, sums.Weight) };
        }

        return !report.EndsValidation ? progress : progress with
        {
            ValidationLoss = Mean(sums.Loss, sums.Weight),
            ValidationAccuracy = Mean(sums.Correct, sums.Targets),
            ValidationExact = Mean(sums.ExactSequences, sums.Sequences),
        };
    }

    private static double? Mean(double sum, double weight) => weight == 0 ? null : sum / weight;
}
