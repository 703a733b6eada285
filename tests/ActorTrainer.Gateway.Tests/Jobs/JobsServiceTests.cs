using System.Text;
using ActorTrainer.Gateway.Jobs;
using ActorTrainer.Training.Protocol;
using Grpc.Core;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.Jobs;

public sealed class JobsServiceTests : IClassFixture<GatewayFixture>
{
    private readonly GatewayFixture _gateway;
    private readonly Proto.Jobs.JobsClient _jobs;

    public JobsServiceTests(GatewayFixture gateway)
    {
        (_gateway, _jobs) = (gateway, new Proto.Jobs.JobsClient(gateway.Caller));
        gateway.Registry.Answer = _ => null;
        gateway.Registry.Asked.Clear();
    }

    [Fact]
    public void Tells_all_that_a_job_keeps_of_its_last_validation()
    {
        var job = JobMapping.ToProto(Specs.View() with { ValidationLoss = 0.5, ValidationAccuracy = 0.75, ValidationExactSequences = 0.125 });

        Assert.Equal((0.5, 0.75, 0.125), (job.ValidationLoss, job.ValidationAccuracy, job.ValidationExactSequences));
        Assert.False(JobMapping.ToProto(Specs.View()).HasValidationExactSequences);
    }

    [Fact]
    public async Task Hands_a_job_to_the_registry_with_every_default_filled_in()
    {
        _gateway.Registry.Answer = request => request is Submit ? Specs.View(JobState.Queued) : null;

        var job = await _jobs.SubmitJobAsync(new Proto.SubmitJobRequest { RequestId = "r-1", JobId = "sum-12", Spec = Specs.Addition() });

        var submit = Assert.IsType<Submit>(Assert.Single(_gateway.Registry.Asked));
        Assert.Equal(("r-1", Specs.Job), (submit.RequestId, submit.Job));
        Assert.Equal(8, submit.Spec.Recipe.Lanes);
        Assert.Equal(("sum-12", Proto.JobState.Queued, 0.25, false), (job.JobId, job.State, job.TrainingLoss, job.HasValidationLoss));
        Assert.Equal("sum-12", job.Spec.Placement.Name);
        Assert.Equal(new DateTime(2026, 11, 24, 6, 0, 0, DateTimeKind.Utc), job.SubmittedAt.ToDateTime());
    }

    [Fact]
    public async Task Lets_the_registry_name_a_job_that_has_no_id()
    {
        _gateway.Registry.Answer = _ => Specs.View();

        await _jobs.SubmitJobAsync(new Proto.SubmitJobRequest { RequestId = "r-1", Spec = Specs.Addition() });

        Assert.Null(Assert.IsType<Submit>(Assert.Single(_gateway.Registry.Asked)).Job);
    }

    [Fact]
    public async Task Says_of_data_that_cannot_be_used_which_field_names_it_and_where_it_is_wrong()
    {
        var ragged = await _gateway.Node.Blobs.AddAsync(new MemoryStream(Encoding.UTF8.GetBytes("sold\n1\n2,3\n")));
        var spec = Specs.Addition();
        spec.Recipe.Data = new Proto.Data { Forecast = new Proto.ForecastData { Sha256 = ragged, Targets = { "sold" }, Window = 4 } };

        var error = await Errors.Of(async () => await _jobs.SubmitJobAsync(new Proto.SubmitJobRequest { RequestId = "r-1", Spec = spec }));

        var (field, description) = Assert.Single(error.Fields());
        Assert.Equal("spec.recipe.data.forecast", field);
        Assert.Equal("Row 3: found 2 fields; the first row names 1 columns.", description);
        Assert.Empty(_gateway.Registry.Asked);
    }

    [Fact]
    public async Task Names_every_wrong_field_of_a_request_and_of_its_job_in_one_answer()
    {
        var spec = Specs.Addition();
        spec.Recipe.Lanes = 12;
        spec.Recipe.Training.Steps = 0;

        var error = await Errors.Of(async () => await _jobs.SubmitJobAsync(new Proto.SubmitJobRequest { JobId = "No Such", Spec = spec }));

        var fields = error.Fields();
        Assert.Equal(["job_id", "request_id", "spec.recipe.lanes", "spec.recipe.training.steps"], fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("found 12; allowed: a power of two from 1 to 1024", fields["spec.recipe.lanes"]);
        Assert.StartsWith("found \"No Such\"; allowed: [a-z]", fields["job_id"], StringComparison.Ordinal);
        Assert.EndsWith("(and 3 more fields)", error.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(_gateway.Registry.Asked);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("ü")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    public async Task Refuses_a_request_id_that_is_none(string id)
    {
        var error = await Errors.Of(async () => await _jobs.SubmitJobAsync(new Proto.SubmitJobRequest { RequestId = id, Spec = Specs.Addition() }));

        Assert.Equal(["request_id"], error.Fields().Keys);
    }

    [Fact]
    public async Task Asks_for_the_data_of_a_job_by_its_hash()
    {
        var sha256 = new string('d', 64);

        var error = await Errors.Of(async () => await _jobs.SubmitJobAsync(new Proto.SubmitJobRequest { RequestId = "r", Spec = Specs.Text(sha256) }));

        error.Expect(StatusCode.FailedPrecondition, "DATASET_MISSING");
        Assert.Equal(sha256, error.Info().Metadata["sha256"]);
        Assert.Contains("UploadDataset", error.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(_gateway.Registry.Asked);
    }

    [Fact]
    public async Task Validates_a_job_without_submitting_it()
    {
        var spec = Specs.Addition();
        spec.Placement = new Proto.Placement { Workers = 9 };

        var answer = await _jobs.ValidateJobAsync(new Proto.ValidateJobRequest { Spec = spec });

        Assert.Equal(32u, answer.Spec.Recipe.Training.BatchSize);
        Assert.Equal(64, answer.RecipeSha256.Length);
        Assert.Equal((64UL * (2 + 64 + 1)) + 64 + 1, answer.Parameters);
        Assert.Contains(answer.Remarks, remark => remark.Contains("placement.workers is 9", StringComparison.Ordinal));
        Assert.Empty(_gateway.Registry.Asked);
    }

    [Fact]
    public async Task Says_no_number_of_parameters_before_the_data_is_here()
    {
        var answer = await _jobs.ValidateJobAsync(new Proto.ValidateJobRequest { Spec = Specs.Text(new string('d', 64)) });

        Assert.False(answer.HasParameters);
    }

    [Theory]
    [InlineData("short", "")]
    [InlineData("\uFFFD no UTF-8", "UTF-8")]
    public async Task Says_what_only_job_and_data_together_can_tell(string content, string reason)
    {
        var bytes = content.StartsWith('\uFFFD') ? new byte[] { 0xFF, 0xFE, 0x20 } : Encoding.UTF8.GetBytes(content);
        var sha256 = await _gateway.Node.Blobs.AddAsync(new MemoryStream(bytes));

        var submitted = await Errors.Of(async () => await _jobs.SubmitJobAsync(new Proto.SubmitJobRequest { RequestId = "r", Spec = Specs.Text(sha256) }));
        var validated = await Errors.Of(async () => await _jobs.ValidateJobAsync(new Proto.ValidateJobRequest { Spec = Specs.Text(sha256) }));

        Assert.Contains(reason, submitted.Fields()["spec.recipe.data.text"], StringComparison.Ordinal);
        Assert.Equal(submitted.Status.Detail, validated.Status.Detail);
        Assert.Empty(_gateway.Registry.Asked);
    }

    [Fact]
    public async Task Counts_the_parameters_of_a_text_model_by_the_characters_of_its_text()
    {
        var sha256 = await _gateway.Node.Blobs.AddAsync(new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("中文ab\n", 2_000)))));

        var answer = await _jobs.ValidateJobAsync(new Proto.ValidateJobRequest { Spec = Specs.Text(sha256) });

        Assert.Equal((5UL * 16) + (4 * 64 * (16 + 64 + 1)) + (5 * (64 + 1)), answer.Parameters);
    }

    [Fact]
    public async Task Says_that_a_job_is_not_there()
    {
        _gateway.Registry.Answer = _ => new JobNotFound(Specs.Job);
        var calls = new Func<Task>[]
        {
            async () => await _jobs.GetJobAsync(new Proto.GetJobRequest { JobId = "sum-12" }),
            async () => await _jobs.CancelJobAsync(new Proto.CancelJobRequest { JobId = "sum-12" }),
            async () => await _jobs.PauseJobAsync(new Proto.PauseJobRequest { JobId = "sum-12" }),
            async () => await _jobs.ResumeJobAsync(new Proto.ResumeJobRequest { JobId = "sum-12" }),
        };

        foreach (var call in calls)
        {
            var error = (await Errors.Of(call)).Expect(StatusCode.NotFound, "JOB_NOT_FOUND");
            Assert.Equal("sum-12", error.Info().Metadata["job_id"]);
        }

        Assert.Equal(
            [new GetJob(Specs.Job), new Cancel(Specs.Job), new Pause(Specs.Job), new Resume(Specs.Job)],
            _gateway.Registry.Asked);
    }

    [Fact]
    public async Task Refuses_a_job_id_that_cannot_be_one()
    {
        var error = await Errors.Of(async () => await _jobs.GetJobAsync(new Proto.GetJobRequest { JobId = "../token" }));

        Assert.Equal(["job_id"], error.Fields().Keys);
    }

    [Fact]
    public async Task Passes_on_why_a_request_makes_no_sense_now()
    {
        _gateway.Registry.Answer = _ => new Refused("the job is completed; only a paused job can be resumed");

        var error = await Errors.Of(async () => await _jobs.ResumeJobAsync(new Proto.ResumeJobRequest { JobId = "sum-12" }));

        error.Expect(StatusCode.FailedPrecondition, "JOB_STATE");
        Assert.Equal("the job is completed; only a paused job can be resumed", error.Status.Detail);
    }

    [Fact]
    public async Task Says_that_the_registry_is_silent_instead_of_waiting_for_ever()
    {
        var error = await Errors.Of(async () => await _jobs.GetJobAsync(new Proto.GetJobRequest { JobId = "sum-12" }));

        error.Expect(StatusCode.Unavailable, "NODE_UNAVAILABLE");
        Assert.Contains("call again", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_of_an_inner_failure_by_an_id_and_nothing_else()
    {
        _gateway.Registry.Answer = _ => new Akka.Actor.Status.Failure(new InvalidOperationException("secret path /home/someone"));

        var error = await Errors.Of(async () => await _jobs.GetJobAsync(new Proto.GetJobRequest { JobId = "sum-12" }));

        error.Expect(StatusCode.Internal, "INTERNAL");
        Assert.Contains(error.Info().Metadata["error_id"], error.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("JobsService", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_in_pages_put_together_from_small_messages()
    {
        var all = Enumerable.Range(0, 150).Select(i => Specs.View(job: new JobId($"job-{i}"))).ToList();
        _gateway.Registry.Answer = request =>
        {
            var list = (ListJobs)request;
            Assert.InRange(list.PageSize, 1, 64);
            var from = list.After is { } after ? all.FindIndex(view => view.Job == after) + 1 : 0;
            var page = all.Skip(from).Take(list.PageSize).ToList();
            return new JobPage([.. page], from + page.Count < all.Count ? page[^1].Job : null);
        };

        var first = await _jobs.ListJobsAsync(new Proto.ListJobsRequest());
        var second = await _jobs.ListJobsAsync(new Proto.ListJobsRequest { PageToken = first.NextPageToken });

        Assert.Equal((100, 50, ""), (first.Jobs.Count, second.Jobs.Count, second.NextPageToken));
        Assert.Equal(all.Select(view => view.Job.Value), first.Jobs.Concat(second.Jobs).Select(job => job.JobId));
    }

    [Theory]
    [InlineData(-1, "", "page_size")]
    [InlineData(1001, "", "page_size")]
    [InlineData(0, "job-3", "page_token")]
    [InlineData(0, "YWZ0ZXI6Li4vdG9rZW4=", "page_token")]
    public async Task Refuses_a_page_that_there_cannot_be(int size, string token, string field)
    {
        var error = await Errors.Of(async () => await _jobs.ListJobsAsync(new Proto.ListJobsRequest { PageSize = size, PageToken = token }));

        Assert.Equal([field], error.Fields().Keys);
    }
}
