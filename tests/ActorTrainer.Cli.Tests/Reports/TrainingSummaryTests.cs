using System.Text.Json;
using ActorTrainer.Cli.Reports;

namespace ActorTrainer.Cli.Tests.Reports;

public sealed class TrainingSummaryTests
{
    private static readonly JobNature Text = new(2_000, 64, IsText: true, 0);
    private static readonly JobNature Sums = new(3_000, 64, IsText: false, 1_000);

    private static TrainingSummary Summary(JobNature nature, ValidationResult? validation) => new(
        "adder-k3f9", nature, nature.Steps, 102.3456, 1_254.32, 0.5, validation, "/data/models/adder-k3f9.safetensors", "ab12", 312_400_000, IsWholeMemory: true);

    [Fact]
    public void A_language_model_is_summed_up_and_invited_to_write()
    {
        Assert.Equal(
            """
            adder-k3f9 is trained: 2,000 steps in 1 min 42 s

              training loss    0.5000 nats a character
              validation loss  1.5210 nats a character
                               perplexity 4.58, 55.0 % of the characters right
              speed            1,254 sequences/s
              peak memory      312 MB
              model            /data/models/adder-k3f9.safetensors
              weights_sha256   ab12

            Let it write:
              actortrainer model generate adder-k3f9 --length 600 --temperature 0.7 --data-dir here
            """,
            string.Join('\n', Summary(Text, new ValidationResult(1.521, 0.55, null)).ToText("actortrainer", " --data-dir here")));
    }

    [Fact]
    public void A_model_that_adds_is_judged_by_whole_sums()
    {
        var lines = Summary(Sums, new ValidationResult(0.0006, 0.99997, 0.999)).ToText("actortrainer", "").ToList();

        Assert.Equal("  validation loss  6.00e-4 nats a bit", lines[3]);
        Assert.Equal("                   999 of 1,000 sums right, 99.99 % of the bits", lines[4]);
        Assert.Equal("  actortrainer model download adder-k3f9 -o adder-k3f9.safetensors", lines[^1]);
    }

    [Fact]
    public void A_program_reads_one_object()
    {
        using var json = JsonDocument.Parse(Summary(Sums, new ValidationResult(0.0006, 0.99997, 0.999)).ToJson());
        var root = json.RootElement;

        Assert.Equal(
            [
                "job", "weights_sha256", "steps", "training_loss", "validation_loss", "validation_accuracy", "exact_sequences",
                "validation_sequences", "seconds", "sequences_per_second", "peak_memory_bytes", "model",
            ],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("ab12", root.GetProperty("weights_sha256").GetString());
        Assert.Equal(0.0006, root.GetProperty("validation_loss").GetDouble());
        Assert.Equal(999, root.GetProperty("exact_sequences").GetDouble());
        Assert.Equal(102.346, root.GetProperty("seconds").GetDouble());
    }

    [Fact]
    public void What_is_no_number_or_not_known_is_null_in_json()
    {
        using var json = JsonDocument.Parse((Summary(Text, null) with { TrainingLoss = double.NaN }).ToJson());

        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("training_loss").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("validation_loss").ValueKind);
        Assert.False(json.RootElement.TryGetProperty("exact_sequences", out _));
    }

    [Fact]
    public void A_validation_line_keeps_its_columns()
    {
        Assert.Equal(
            "step   250  validation loss 2.0143  perplexity 7.50, 41.2 % of the characters right",
            ValidationLine.Format(Text, 250, new ValidationResult(2.0143, 0.412, 0)));
        Assert.Equal(
            "step 3,000  validation loss 6.00e-4  1,000 of 1,000 sums right, 100 % of the bits",
            ValidationLine.Format(Sums, 3_000, new ValidationResult(0.0006, 1, 1)));
    }
}
