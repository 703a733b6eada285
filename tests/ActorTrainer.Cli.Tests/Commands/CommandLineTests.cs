using System.Text.RegularExpressions;
using ActorTrainer.Cli.Commands;
using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Tests.Commands;

public sealed partial class CommandLineTests
{
    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var exitCode = await CommandLine.InvokeAsync(arguments, new Terminal(output, error, IsLive: false, HasColor: false, () => 100));
        return (exitCode, output.ToString(), error.ToString());
    }

    [Theory]
    [InlineData("", "actortrainer: a command is missing: train, validate, up, node, health, job, data, model, certs\nTry: actortrainer --help\n")]
    [InlineData("trian", "actortrainer: unknown command 'trian'; did you mean 'train'?\nTry: actortrainer --help\n")]
    [InlineData("job lst", "actortrainer job: unknown command 'lst'; did you mean 'list'?\nTry: actortrainer job --help\n")]
    [InlineData("train a.yaml --wokers 2", "actortrainer train: unknown option '--wokers'; did you mean '--workers'?\nTry: actortrainer train --help\n")]
    [InlineData("train --wokers 2", "actortrainer train: unknown option '--wokers'; did you mean '--workers'?\nTry: actortrainer train --help\n")]
    [InlineData("job get --jsn", "actortrainer job get: unknown option '--jsn'\nTry: actortrainer job get --help\n")]
    [InlineData("train a.yaml b.yaml", "actortrainer train: unknown argument 'b.yaml'\nTry: actortrainer train --help\n")]
    [InlineData("train", "actortrainer train: give a job file, such as examples/binary-addition.yaml, or --resume JOB\nTry: actortrainer train --help\n")]
    [InlineData("train a.yaml --resume b", "actortrainer train: give a job file or --resume, not both\nTry: actortrainer train --help\n")]
    [InlineData("train --resume b --workers 2", "actortrainer train: --resume goes on with a job as it was submitted; it takes neither --workers nor --set\nTry: actortrainer train --help\n")]
    [InlineData("train a.yaml -o xml", "actortrainer train: --output is text or json, not 'xml'\nTry: actortrainer train --help\n")]
    [InlineData("certs init", "actortrainer certs init: Option '--node' is required\nTry: actortrainer certs init --help\n")]
    [InlineData("certs init --node server_1", "actortrainer: --node server_1: the node is named 'server_1'; a name has 1 to 63 characters of a-z, 0-9, - and ., and begins with a letter or digit\n")]
    [InlineData("certs init --node a --days 0", "actortrainer certs init: --days is from 1 to 3650\nTry: actortrainer certs init --help\n")]
    [InlineData("certs show no-such", "actortrainer: there are no certificates in no-such: neither ca.pem nor folders of nodes\n")]
    [InlineData("job list --ca ca.pem", "actortrainer: --ca is for a node elsewhere; name it with --endpoint https://host:port\n")]
    [InlineData("job list --endpoint host:7700", "actortrainer: the endpoint is 'host:7700'; it must be https://host:port\n")]
    [InlineData("job list --endpoint https://host:7700", "actortrainer: no token for https://host:7700: name the file that holds it with --token-file or $ACTORTRAINER_TOKEN_FILE\n")]
    [InlineData("job list --endpoint https://host:7700 --data-dir here", "actortrainer: --data-dir is a node of this machine and --endpoint one elsewhere; give one of them\n")]
    [InlineData("train no-such.yaml", "no-such.yaml: no such file\n")]
    [InlineData("validate no-such.yaml --set steps", "--set steps: expected path=value, such as training.steps=500\n")]
    [InlineData("up --listen 7700", "actortrainer: --listen is '7700'; it takes an address and a port, such as 127.0.0.1:7700\n")]
    public async Task Wrong_usage_exits_2_with_the_reason(string line, string reason)
    {
        var (exitCode, output, error) = await Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(reason, error);
        Assert.Equal("", output);
        Assert.Equal(2, exitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("train")]
    [InlineData("validate")]
    [InlineData("up")]
    [InlineData("job")]
    [InlineData("job submit")]
    [InlineData("model generate")]
    [InlineData("certs init")]
    [InlineData("certs show")]
    public async Task Help_is_there_for_every_command(string command)
    {
        var (exitCode, output, error) = await Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-h"]);

        Assert.Equal(0, exitCode);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
        Assert.Equal("", error);
    }

    public static TheoryData<string> Examples() => [.. AllExamples().Where(example => !NeedsData(example))];

    public static TheoryData<string> ExamplesWithData() => [.. AllExamples().Where(NeedsData)];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_is_a_valid_job(string example)
    {
        var (exitCode, output, error) = await Run("validate", RepositoryRoot.File($"examples/{example}"));

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        Assert.Contains("a valid job", output, StringComparison.Ordinal);
    }

    [RealDataTheory]
    [MemberData(nameof(ExamplesWithData))]
    public Task Every_example_is_a_valid_job_with_its_data(string example) => Every_example_is_a_valid_job(example);

    [Theory]
    [MemberData(nameof(ExamplesWithData))]
    public void An_example_that_needs_data_says_how_to_get_it(string example)
    {
        var text = File.ReadAllText(RepositoryRoot.File($"examples/{example}"));

        Assert.Contains("# The data", text, StringComparison.Ordinal);
        Assert.NotEmpty(JobFile.Parse(text, example, []).Files);
    }

    private static IEnumerable<string> AllExamples() =>
        Directory.GetFiles(RepositoryRoot.File("examples"), "*.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    /// <summary>It names files that are not in this repository.</summary>
    private static bool NeedsData(string example)
    {
        var path = RepositoryRoot.File($"examples/{example}");
        return JobFile.Read(path, []).Files.Any(file => !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, file.Path)));
    }

    [Fact]
    public async Task What_a_value_may_not_be_is_told_where_it_was_written()
    {
        var file = RepositoryRoot.File("examples/binary-addition.yaml");

        var (exitCode, _, error) = await Run("validate", file, "--set", "lanes=7", "--workers", "0");

        Assert.Equal(2, exitCode);
        Assert.Equal(
            "--set lanes=7: recipe.lanes: found 7; allowed: a power of two from 1 to 1024\n--workers 0: placement.workers: found 0; allowed: 1 to 4096\n",
            error);
    }

    [Fact]
    public async Task More_workers_than_lanes_are_said_with_what_would_change()
    {
        var (exitCode, output, _) = await Run("validate", RepositoryRoot.File("examples/binary-addition.yaml"), "--workers", "12");

        Assert.Equal(0, exitCode);
        Assert.Contains("placement.workers is 12, but the recipe has 8 lanes", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_needs_a_node_says_how_to_start_one()
    {
        var empty = Directory.CreateTempSubdirectory("actortrainer-").FullName;
        try
        {
            var (pause, _, pauseError) = await Run("job", "pause", "x", "--data-dir", empty);
            var (list, _, listError) = await Run("job", "list", "--data-dir", empty);

            Assert.Equal(1, pause);
            Assert.StartsWith($"actortrainer: no node runs in {empty}; start one with: ", pauseError, StringComparison.Ordinal);
            Assert.Equal(2, list);
            Assert.Equal($"actortrainer: there are no jobs in {empty}: no node has run there yet\n", listError);
        }
        finally
        {
            Directory.Delete(empty, recursive: true);
        }
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/operations.md")]
    public void Every_command_of_the_documentation_is_one(string page)
    {
        var readme = File.ReadAllText(RepositoryRoot.File(page)).Replace("\\\n", "", StringComparison.Ordinal);
        var root = CommandLine.Create(new Terminal(TextWriter.Null, TextWriter.Null, IsLive: false, HasColor: false, () => 100));
        foreach (Match match in ProgramCalls().Matches(readme))
        {
            var arguments = match.Groups["arguments"].Value.Split('#')[0].Split('>')[0].Trim();
            var parsed = root.Parse(arguments);

            Assert.True(parsed.Errors.Count == 0, $"{page} calls `actortrainer {arguments}`: {string.Join("; ", parsed.Errors.Select(error => error.Message))}");
        }
    }

    /// <summary>Lines of code blocks that run the program, by its name or from its sources.</summary>
    [GeneratedRegex(@"^(\$ )?(actortrainer|dotnet run (-c Release )?--project src/ActorTrainer\.Cli (-c Release )?--) (?<arguments>[^\n]+)$", RegexOptions.Multiline)]
    private static partial Regex ProgramCalls();
}
