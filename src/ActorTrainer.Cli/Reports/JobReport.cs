using ActorTrainer.Contracts.V1;
using Google.Protobuf;

namespace ActorTrainer.Cli.Reports;

/// <summary>Jobs as `job list` and `job get` show them.</summary>
internal static class JobReport
{
    private static readonly JsonFormatter Formatter = new(
        JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true).WithIndentation());

    /// <summary>One object, field for field as the API has it.</summary>
    public static string ToJson(IMessage message) => Formatter.Format(message);

    /// <summary>A line each, newest first, in columns.</summary>
    /// <param name="now">Ages are counted to it.</param>
    public static IEnumerable<string> ToTable(IReadOnlyList<Job> jobs, DateTimeOffset now)
    {
        string[][] rows =
        [
            ["JOB", "STATE", "STEPS", "LOSS", "VALIDATION", "AGE"],
            .. jobs.Select(job => new[]
            {
                job.JobId,
                JobStates.Name(job.State),
                $"{Quantity.Count(job.StepsDone)} / {Quantity.Count(job.TotalSteps)}",
                job.HasTrainingLoss ? Quantity.Loss(job.TrainingLoss) : "-",
                job.HasValidationLoss ? Quantity.Loss(job.ValidationLoss) : "-",
                Quantity.Duration(now - job.SubmittedAt.ToDateTimeOffset()),
            }),
        ];
        return TextTable.Lines(rows);
    }

    /// <summary>All that is known of one job.</summary>
    public static IEnumerable<string> ToText(Job job)
    {
        yield return $"{job.JobId} is {JobStates.Name(job.State)}{(job.Reason.Length == 0 ? "" : $": {SampleBlock.Clean(job.Reason)}")}";
        foreach (var wait in job.Waits)
        {
            yield return SampleBlock.Clean(wait.Text);
        }

        yield return "";
        var placement = job.Spec.Placement;
        if (placement.MinimumWorkers > 1)
        {
            yield return $"  workers          {Quantity.Count(placement.MinimumWorkers)} to {Quantity.Count(placement.Workers)}";
        }

        yield return $"  steps            {Quantity.Count(job.StepsDone)} of {Quantity.Count(job.TotalSteps)}, {Quantity.Count(job.StepsRecorded)} in a checkpoint";
        if (job.HasTrainingLoss)
        {
            yield return $"  training loss    {Quantity.Loss(job.TrainingLoss)}";
        }

        if (ValidationResult.Of(job) is { } validation)
        {
            yield return $"  validation loss  {Quantity.Loss(validation.Loss)}; {ValidationLine.Quality(JobNature.Of(job), validation)}";
        }

        if (job.Parameters > 0)
        {
            yield return $"  parameters       {Quantity.Count(job.Parameters)}";
        }

        yield return $"  submitted        {job.SubmittedAt.ToDateTime():yyyy-MM-dd HH:mm:ss} UTC";
        yield return $"  recipe_sha256    {job.RecipeSha256}";
        if (job.WeightsSha256.Length > 0)
        {
            yield return $"  weights_sha256   {job.WeightsSha256}";
        }
    }
}
