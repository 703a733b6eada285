using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ActorTrainer.Cli.Commands;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Cli.Tests.Scripted;
using ActorTrainer.Contracts.V1;
using static ActorTrainer.Cli.Tests.Scripted.NodeScript;

namespace ActorTrainer.Cli.Tests.Commands;

public sealed partial class TrainCommandTests
{
    private const string Adder = """
        recipe:
          data: {binary_addition: {validation_samples: 100}}
          model: {layers: [{elman: {units: 64}}]}
          training: {steps: 20}
        """;

    private const string Writer = """
        recipe:
          data: {text: {path: poem.txt}}
          model: {layers: [{lstm: {units: 8}}]}
          training: {steps: 20}
        """;

    private static async Task<(int ExitCode, string Output, string Error)> Train(ScriptedNode node, string job, params string[] options)
    {
        var file = Path.Combine(node.DataDirectory, "adder.yaml");
        await File.WriteAllTextAsync(file, job);
        return await Run(node, ["train", file, .. options]);
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(ScriptedNode node, params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(output, error, IsLive: false, HasColor: false, () => 100);
        var exitCode = await CommandLine.InvokeAsync([.. arguments, "--data-dir", node.DataDirectory], terminal);
        return (exitCode, Name(output), Name(error));

        // What differs from run to run: the id's suffix, and where the test lies.
        string Name(StringWriter written) => Suffix().Replace(written.ToString(), "adder-XXXX")
            .Replace(node.DataDirectory, "DIR", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_goes_to_the_error_stream_and_the_summary_to_the_output()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript
        {
            Events =
            {
                Step(1, 1, 0.69),
                Validation(2, 10, 0.5, 0.75, 0.12),
                Step(3, 20, 0.25),
                Validation(4, 20, 0.0005, 1, 1),
            },
        });

        var (exitCode, output, error) = await Train(node, Adder, "--workers", "3");

        Assert.Equal(0, exitCode);
        Assert.Equal(
            """
            adder-XXXX: 4,353 parameters
              model  Elman 64 → output
              data   sums of at most 12 bits; judged by 100 sums of 32 bits
              run    20 steps of 32 sequences, 3 workers
              node   the one that runs already; data directory DIR
            step 1 of 20 (5 %)  loss 0.6900  1,280 sequences/s
            step 10  validation loss 0.5000  12 of 100 sums right, 75.0 % of the bits
            step 20  validation loss 5.00e-4  100 of 100 sums right, 100 % of the bits

            """,
            error);
        Assert.StartsWith("adder-XXXX is trained: 20 steps in ", output, StringComparison.Ordinal);
        Assert.Contains("  model            DIR/models/adder-XXXX.safetensors\n  weights_sha256   ab12\n", output.Replace('\\', '/'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_gets_one_object_and_nothing_else_on_the_output()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript { Events = { Validation(1, 20, 0.5, 0.75, 0.12) } });

        var (exitCode, output, _) = await Train(node, Adder, "-o", "json");

        Assert.Equal(0, exitCode);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("ab12", json.RootElement.GetProperty("weights_sha256").GetString());
        Assert.Equal(0.25, json.RootElement.GetProperty("training_loss").GetDouble());
        Assert.Equal(12, json.RootElement.GetProperty("exact_sequences").GetDouble());
    }

    [Fact]
    public async Task A_language_model_shows_what_it_writes()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript { Events = { Validation(1, 20, 1.5, 0.5, 0) } });
        await File.WriteAllTextAsync(Path.Combine(node.DataDirectory, "poem.txt"), string.Concat(Enumerable.Repeat("to be or not to be\n", 500)));

        var (exitCode, output, error) = await Train(node, Writer);

        Assert.Equal(0, exitCode);
        Assert.EndsWith(
            """
            step 20  validation loss 1.5000  perplexity 4.48, 50.0 % of the characters right
                │ public int
                │     Sum();

            """,
            error,
            StringComparison.Ordinal);
        Assert.Contains("model generate adder-XXXX --length 600 --temperature 0.7 --data-dir DIR", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_is_uploaded_once()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("to be or not to be\n", 10_000)));
        await File.WriteAllBytesAsync(Path.Combine(node.DataDirectory, "poem.txt"), text);

        await Train(node, Writer);
        var uploaded = Assert.Single(node.Script.Uploads);
        node.Script.Uploads[uploaded.Key] = [];
        await Train(node, Writer);

        Assert.Equal(text, uploaded.Value);
        Assert.Empty(Assert.Single(node.Script.Uploads).Value);
        Assert.Equal(uploaded.Key, node.Script.Job!.Spec.Recipe.Data.Text.Sha256);
    }

    [Fact]
    public async Task A_broken_connection_is_taken_up_where_it_broke()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript
        {
            Events = { Validation(7, 10, 0.5, 0.75, 0.12), Break(8), Validation(9, 20, 0.25, 0.9, 0.5) },
        });

        var (exitCode, _, error) = await Train(node, Adder);

        Assert.Equal(0, exitCode);
        Assert.Equal([0UL, 7UL], node.Script.Watches);
        Assert.Equal(2, error.Split("validation loss").Length - 1);
    }

    [Fact]
    public async Task A_job_that_fails_exits_1_with_its_reason()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript
        {
            End = job => (job.State, job.StepsDone, job.Reason) = (JobState.Failed, 7, "the loss is not a number"),
        });

        var (exitCode, output, error) = await Train(node, Adder);

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.EndsWith("actortrainer: job adder-XXXX failed at step 7: the loss is not a number\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unfinished_run_of_the_same_file_is_mentioned_with_the_way_back()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());
        var spec = new JobSpec { Recipe = new Recipe { Training = new Contracts.V1.Training { Steps = 2_000 } } };
        node.Script.EarlierJobs.Add(new Job { JobId = "adder-abc2", Spec = spec, State = JobState.Paused, StepsRecorded = 340, TotalSteps = 2_000 });
        node.Script.EarlierJobs.Add(new Job { JobId = "adder-abc3", Spec = spec, State = JobState.Completed });
        node.Script.EarlierJobs.Add(new Job { JobId = "other-abc4", Spec = spec, State = JobState.Paused });

        var (exitCode, _, error) = await Train(node, Adder);

        Assert.Equal(0, exitCode);
        Assert.StartsWith("note: job adder-XXXX of this file is unfinished: step 340 of 2,000, paused.\n", error, StringComparison.Ordinal);
        Assert.Contains("job resume adder-XXXX --data-dir DIR", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Split("unfinished").Length - 1);
    }

    [Fact]
    public async Task A_job_that_ended_while_nobody_watched_has_its_whole_summary()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());
        await Train(node, Adder);
        var job = node.Script.Job!;
        (job.ValidationLoss, job.ValidationAccuracy, job.ValidationExactSequences) = (0.0005, 0.999, 0.98);

        var (exitCode, output, _) = await Run(node, "train", "--resume", job.JobId);

        Assert.Equal(0, exitCode);
        Assert.Contains("98 of 100 sums right, 99.90 % of the bits", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_is_not_there_is_wrong_usage()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());

        var (exitCode, _, error) = await Run(node, "train", "--resume", "nobody");

        Assert.Equal(2, exitCode);
        Assert.Equal("actortrainer: there is no job 'nobody'\n", error);
    }

    [Fact]
    public async Task A_text_that_is_not_there_is_named_where_the_file_names_it()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());

        var (exitCode, _, error) = await Train(node, Writer);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("DIR/adder.yaml:2:23: no file at DIR/poem.txt", error.Replace('\\', '/').TrimEnd('\n'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_are_measured_in_the_units_of_the_data_when_the_run_is_over()
    {
        const string Marks = """
            recipe:
              data: {adding_problem: {length: 10}}
              model: {layers: [{gru: {units: 8}}]}
              training: {steps: 20}
            """;
        await using var node = await ScriptedNode.StartAsync(new NodeScript
        {
            Events = { Validation(1, 20, 0.04, 0, 0) },
            Evaluation = new Evaluation { Errors = { new NumberErrors { Target = "sum", Method = "model", MeanAbsoluteError = 0.15, RootMeanSquareError = 0.2 } } },
        });

        var (_, text, error) = await Train(node, Marks);
        var (_, json, _) = await Train(node, Marks, "-o", "json");

        Assert.EndsWith("step 20  validation loss 0.0400  root mean square error 0.2000\n", error, StringComparison.Ordinal);
        Assert.Contains("    sum  model  0.1500  0.2000\n", text, StringComparison.Ordinal);
        using var result = JsonDocument.Parse(json);
        Assert.Equal((0.15, 0.2), (result.RootElement.GetProperty("validation_mae").GetDouble(), result.RootElement.GetProperty("validation_rmse").GetDouble()));
    }

    [GeneratedRegex("adder-[a-z0-9]{4}\\b")]
    private static partial Regex Suffix();
}
