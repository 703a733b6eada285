using System.Diagnostics;
using System.Text;
using ActorTrainer.Cli.JobFiles;

namespace ActorTrainer.Cli.Tests.JobFiles;

public sealed class HostileJobFileTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void An_alias_bomb_is_refused_where_it_is_lit()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 10; i++)
        {
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        }

        var errors = InTime(() => JobFileTests.Errors(bomb.ToString()));

        Assert.Contains("job.yaml:1:5: anchor '&a0' is not allowed in a job file", errors);
        Assert.Contains("job.yaml:2:10: alias '*a0' is not allowed in a job file; write the value itself", errors);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Deep_nesting_is_refused_at_its_bound(string level)
    {
        var deep = string.Concat(Enumerable.Repeat(level, 20_000));

        var error = Assert.Single(InTime(() => JobFileTests.Errors(deep)));

        Assert.Contains("nested deeper than 24 levels", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_values_are_refused_at_their_bound()
    {
        var many = $"[{string.Join(",", Enumerable.Repeat("1", 30_000))}]";

        Assert.Contains("more than 20,000 values", Assert.Single(InTime(() => JobFileTests.Errors(many))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_megabytes_is_refused_unread()
    {
        Assert.Equal(
            ["job.yaml: has 300,000 characters; a job file has at most 262,144"],
            JobFileTests.Errors(new string('#', 300_000)));
    }

    private const string Everyday = """
        recipe:
          data:
            sequences:
              path: walks.csv
              group: id
              inputs: [x, y]
              label: class
              label_kind: class
              validation: {path: more.csv}
              table: {encoding: gbk, delimiter: ";", missing: previous}
              standardize: true
          model:
            layers:
              - gru: {units: 8, reset: before, recurrent_initializer: {orthogonal: {gain: 1}}}
              - dropout: {keep: 0.5}
            output: {at: last_step, bias: 0.1, class_weights: [1, 2.5]}
          training:
            epochs: 3
            optimizer: {adam_w: {weight_decay: 0.1}}
            learning_rate: {schedule: step, step_every: 10, step_factor: 0.5}
            clip_value: 1
        """;

    public static TheoryData<string> Originals => new(File.ReadAllText(RepositoryRoot.File("examples/self-portrait.yaml")), Everyday);

    [Theory]
    [MemberData(nameof(Originals))]
    public void Twenty_thousand_mutants_of_a_job_are_read_or_refused_in_order(string original)
    {
        var random = new Random(20260101);
        var slowest = TimeSpan.Zero;
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var mutant = Mutate(original, random);
            var watch = Stopwatch.StartNew();
            try
            {
                JobFile.Parse(mutant, "job.yaml", []);
            }
            catch (JobFileException told)
            {
                refused++;
                Assert.All(told.Errors, error => Assert.NotEmpty(error.Message));
            }
            catch (Exception crash)
            {
                Assert.Fail($"mutant {i} crashed the reader with {crash}:\n{mutant}");
            }

            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        Assert.InRange(refused, 8_000, 19_999);
        Assert.True(slowest < Patience, $"one mutant took {slowest}");
    }

    private static string Mutate(string text, Random random)
    {
        const string Marks = "{}[]:-,#&*!|>'\"%@`?~ \t\n\r\0\\01e.<é漢\uFEFF\uD800";
        var mutant = new StringBuilder(text);
        for (var edits = random.Next(1, 6); edits > 0; edits--)
        {
            var at = random.Next(mutant.Length);
            switch (random.Next(5))
            {
                case 0:
                    mutant[at] = Marks[random.Next(Marks.Length)];
                    break;
                case 1:
                    mutant.Insert(at, Marks[random.Next(Marks.Length)]);
                    break;
                case 2:
                    mutant.Remove(at, Math.Min(random.Next(1, 20), mutant.Length - at));
                    break;
                case 3:
                    mutant.Insert(at, text.AsSpan(random.Next(text.Length - 20), 20));
                    break;
                default:
                    mutant[at] = (char)random.Next(32, 127);
                    break;
            }

            if (mutant.Length == 0)
            {
                mutant.Append('\n');
            }
        }

        return mutant.ToString();
    }

    private static T InTime<T>(Func<T> read)
    {
        var reading = Task.Run(read);
        Assert.True(reading.Wait(Patience), $"not read after {Patience}");
        return reading.Result;
    }
}
