using System.Text;
using System.Text.Json;
using ActorTrainer.Cli.Commands;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Cli.Tests.Scripted;

namespace ActorTrainer.Cli.Tests.Commands;

public sealed class DataCommandTests
{
    private const string Series = "Month,Passengers\n1949-01,112\n1949-02,\n1949-03,132\n";

    private static async Task<(int ExitCode, string Output, string Error)> Run(ScriptedNode node, params string[] arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var terminal = new Terminal(output, error, IsLive: false, HasColor: false, () => 100);
        var exitCode = await CommandLine.InvokeAsync([.. arguments, "--data-dir", node.DataDirectory], terminal);
        return (exitCode, Name(output), Name(error));

        string Name(StringWriter written) => written.ToString().Replace(node.DataDirectory, "DIR", StringComparison.Ordinal).Replace('\\', '/');
    }

    private static string File(ScriptedNode node, string name, string content)
    {
        var path = Path.Combine(node.DataDirectory, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    [Fact]
    public async Task Import_says_what_the_data_holds_and_how_a_job_file_names_it()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());

        var (exitCode, output, error) = await Run(node, "data", "import", File(node, "series.csv", Series));

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(
            $"""
            DIR/series.csv: a table of 3 rows and 2 columns, 50 bytes
              sha256  {node.Script.Uploads.Keys.Single()}

              COLUMN      HOLDS    MISSING  DIFFERENT  VALUES
              Month       text     0        3          "1949-01", "1949-02", "1949-03"
              Passengers  numbers  1        2          112 to 132, mean 122, deviation 10

            Imported. In a job file, in place of path:
              sha256: {node.Script.Uploads.Keys.Single()}

            """,
            output);
        Assert.Equal(Series, Encoding.UTF8.GetString(node.Script.Uploads.Values.Single()));
    }

    [Fact]
    public async Task Import_says_that_data_is_there_already()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());
        var file = File(node, "series.csv", Series);
        await Run(node, "data", "import", file);

        var (exitCode, output, _) = await Run(node, "data", "import", file);

        Assert.Equal(0, exitCode);
        Assert.Contains("It was here already, as series.csv. In a job file, in place of path:\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_tells_all_that_is_wrong_and_sends_nothing()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());
        var (good, ragged, lines) = (File(node, "good.csv", Series), File(node, "ragged.csv", "a,b\n1,2\n3\n"), File(node, "lines.jsonl", "{\"a\": 1}\n{\"a\": \n"));

        var (exitCode, output, error) = await Run(node, "data", "import", good, ragged, lines, Path.Combine(node.DataDirectory, "none.csv"));

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal(
            [
                "DIR/ragged.csv: Row 3: found 1 fields; the first row names 2 columns.",
                "DIR/lines.jsonl: Line 2: no JSON object: the line is wrong at byte 7, or its nesting is deeper than 16.",
                "DIR/none.csv: no such file",
            ],
            error.TrimEnd('\n').Split('\n'));
        Assert.Empty(node.Script.Uploads);
    }

    [Fact]
    public async Task Import_gives_a_program_a_list_of_descriptions()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());

        var (_, output, _) = await Run(node, "data", "import", File(node, "series.csv", Series), File(node, "poem.txt", "so, so\n"), "-o", "json");

        using var json = JsonDocument.Parse(output);
        Assert.Equal(["DATA_FORMAT_CSV", "DATA_FORMAT_TEXT"], json.RootElement.EnumerateArray().Select(data => data.GetProperty("format").GetString()!));
        Assert.Equal("poem.txt", json.RootElement[1].GetProperty("dataset").GetProperty("name").GetString());
    }

    [Fact]
    public async Task List_shows_name_size_and_hash()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());
        await Run(node, "data", "import", File(node, "series.csv", Series));

        var (exitCode, output, _) = await Run(node, "data", "list");

        var lines = output.Split('\n');
        Assert.Equal(0, exitCode);
        Assert.Matches("^NAME +SIZE +AGE +SHA256$", lines[0]);
        Assert.Matches("^series.csv +1.2 kB +.* +[0-9a-f]{64}$", lines[1]);
    }

    [Fact]
    public async Task Describe_needs_no_node_for_a_file_and_takes_its_form_from_options()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());

        var (exitCode, output, _) = await Run(node, "data", "describe", File(node, "table", "a;b\n1;x\n2;\u001b[31my\n"), "--format", "csv", "--delimiter", ";");

        Assert.Equal(0, exitCode);
        Assert.StartsWith("table: a table of 2 rows and 2 columns, 17 bytes\n", output, StringComparison.Ordinal);
        Assert.EndsWith("  b       text     0        2          \"x\", \"[31my\"\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_finds_a_data_set_by_the_start_of_its_hash()
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());
        node.Script.Uploads["aaaa" + new string('0', 60)] = [1];
        node.Script.Uploads["aaab" + new string('0', 60)] = [2];
        node.Script.Uploads["aaab1" + new string('0', 59)] = [3];

        var found = await Run(node, "data", "describe", "aaaa");
        var several = await Run(node, "data", "describe", "aaab");
        var none = await Run(node, "data", "describe", "beef");

        Assert.Equal((0, "aaaa: text of 5 characters, 3 different, in 1 line, 5 bytes"), (found.ExitCode, found.Output.Split('\n')[0]));
        Assert.Equal(2, several.ExitCode);
        Assert.StartsWith("actortrainer: 2 data sets have a hash that begins with aaab: aaab0", several.Error, StringComparison.Ordinal);
        Assert.Equal(2, none.ExitCode);
        Assert.StartsWith("actortrainer: there is no file beef, and no data set whose hash begins so; see: ", none.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--format is one of csv, json_lines, idx, text, not 'xml'", "describe", "x", "--format", "xml")]
    [InlineData("--delimiter is one ASCII character that is no letter, digit, quote or line break (/t: a tab), not 'ab'", "describe", "x", "--delimiter", "ab")]
    [InlineData("--name is for one file", "import", "a", "b", "--name", "n")]
    public async Task Wrong_options_say_what_they_take(string message, params string[] arguments)
    {
        await using var node = await ScriptedNode.StartAsync(new NodeScript());

        var (exitCode, _, error) = await Run(node, ["data", .. arguments]);

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"actortrainer data {arguments[0]}: {message}\n", error, StringComparison.Ordinal);
    }
}
