using ActorTrainer.Cli.Reports;
using ActorTrainer.Contracts.V1;
using Google.Protobuf.WellKnownTypes;

namespace ActorTrainer.Cli.Tests.Reports;

public sealed class JobReportTests
{
    private static Job Job() => new()
    {
        JobId = "adder",
        State = JobState.Running,
        SubmittedAt = Timestamp.FromDateTime(DateTime.UnixEpoch),
        TotalSteps = 100,
        StepsDone = 11,
        Spec = new JobSpec { Placement = new Placement { Workers = 4, MinimumWorkers = 2 } },
    };

    [Fact]
    public void Names_those_for_whom_a_step_waits()
    {
        var job = Job();
        job.Waits.Add(new Wait { Text = "step 12 waits 3 s for node-b (lanes 4–7)" });
        job.Waits.Add(new Wait { Text = "step 12 waits 3 s for node-c (lane 1)" });

        var lines = JobReport.ToText(job).Take(3);

        Assert.Equal(["adder is running", "step 12 waits 3 s for node-b (lanes 4–7)", "step 12 waits 3 s for node-c (lane 1)"], lines);
    }

    [Fact]
    public void Tells_why_a_job_waits_and_how_many_workers_it_takes()
    {
        var job = Job();
        (job.State, job.Reason) = (JobState.Placing, "Waits for workers: 1 of at least 2 are there.");

        var lines = JobReport.ToText(job).ToArray();

        Assert.Equal("adder is placing: Waits for workers: 1 of at least 2 are there.", lines[0]);
        Assert.Contains("  workers          2 to 4", lines);
    }

    [Theory]
    [InlineData(80, "step 12 waits 3 s for node-b")]
    [InlineData(10, "step 12 w…")]
    [InlineData(0, "")]
    public void A_wait_fits_into_the_line_at_the_bottom(int width, string line) =>
        Assert.Equal(line, WaitLine.Live("step 12 waits 3 s for node-b", width));
}
