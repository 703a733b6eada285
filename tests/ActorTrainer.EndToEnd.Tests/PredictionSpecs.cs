using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ActorTrainer.EndToEnd.Tests;

/// <summary>A forecast from its table to its answers, by processes as a user starts them.</summary>
[Collection(WorkshopCollection.Name)]
public sealed partial class PredictionSpecs : IDisposable
{
    /// <summary>Months with a trend, a season and a name that is no plain ASCII.</summary>
    private static readonly byte[] Table = Encoding.UTF8.GetBytes("month,sales,ort\n" + string.Concat(Enumerable.Range(0, 96).Select(row => string.Create(
        CultureInfo.InvariantCulture, $"{2000 + (row / 12)}-{(row % 12) + 1:00},{100 + (1.5 * row) + (row * 7 % 12)},Köln 水\n"))));

    private readonly Workshop _workshop;
    private readonly string _home;
    private readonly string _data;

    public PredictionSpecs(Workshop workshop)
    {
        _workshop = workshop;
        _home = workshop.NewHome();
        _data = Directory.CreateTempSubdirectory("actortrainer-").FullName;
        File.WriteAllBytes(InData("sales.csv"), Table);
        File.WriteAllText(InData("teller.yaml"), Job("path: sales.csv"));
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_node_and_a_file_alone_give_the_same_bytes_from_a_file_and_from_a_pipe()
    {
        using var node = ProgramProcess.Start("up", "--data-dir", _home);
        await node.LineAsync(line => line.StartsWith("Ctrl-C", StringComparison.Ordinal));
        using var trained = JsonDocument.Parse(await Run("train", InData("teller.yaml"), "--data-dir", _home, "-o", "json"));
        var job = trained.RootElement.GetProperty("job").GetString()!;
        var model = InData("copied.safetensors");
        File.Copy(trained.RootElement.GetProperty("model").GetString()!, model);

        foreach (var form in new[] { "csv", "json" })
        {
            await Run("model", "predict", job, InData("sales.csv"), "-o", form, "--to", InData("by-node"), "--data-dir", _home);
            await Run("model", "predict", "--model", model, InData("sales.csv"), "-o", form, "--to", InData("by-file"), "--data-dir", _workshop.NewHome());
            var byNode = await File.ReadAllBytesAsync(InData("by-node"));
            Assert.Equal(form == "csv" ? 1 + 3 : 3, byNode.Count(letter => letter == '\n'));
            Assert.Equal(byNode, await File.ReadAllBytesAsync(InData("by-file")));
            Assert.Contains("2008-03", Encoding.UTF8.GetString(byNode), StringComparison.Ordinal);

            foreach (var source in new string[][] { [job, "-", "--data-dir", _home], ["--model", model, "-"] })
            {
                var (exitCode, output, error) = await ProgramProcess.RunWithInputAsync(Table, ["model", "predict", .. source, "-o", form]);
                Assert.Equal((0, Encoding.UTF8.GetString(byNode), ""), (exitCode, output, error));
            }
        }

        using var evaluation = JsonDocument.Parse(await Run("model", "evaluate", job, "-o", "json", "--data-dir", _home));
        Assert.Equal(
            trained.RootElement.GetProperty("validation_loss").GetDouble(), evaluation.RootElement.GetProperty("loss").GetDouble());
        Assert.Equal(
            ["model", "last value", "last season"],
            evaluation.RootElement.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("method").GetString()));
        await node.SignalAsync("TERM");
        Assert.Equal(0, await node.ExitAsync());
    }

    [Fact]
    public async Task A_broken_pipe_of_data_is_named_for_what_it_is()
    {
        await Run("train", InData("teller.yaml"), "--data-dir", _home, "-o", "json");
        var model = Directory.GetFiles(Path.Combine(_home, "models")).Single();

        var (exitCode, output, error) = await ProgramProcess.RunWithInputAsync("month,sales\n2000-01,many\n"u8.ToArray(), "model", "predict", "--model", model, "-");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("actortrainer: standard input: ", error, StringComparison.Ordinal);
        Assert.Contains("many", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Imported_data_is_trained_on_by_its_sha256_to_the_same_hash()
    {
        var import = await Run("data", "import", InData("sales.csv"), "--data-dir", _home);
        var sha256 = Sha256Line().Match(import).Groups[1].Value;
        Assert.Equal(64, sha256.Length);
        File.Delete(InData("sales.csv"));
        File.WriteAllText(InData("told.yaml"), Job($"sha256: {sha256}"));

        var told = await Workshop.HashOfAsync("train", InData("told.yaml"), "--data-dir", _home);

        await File.WriteAllBytesAsync(InData("sales.csv"), Table);
        Assert.Equal(await Workshop.HashOfAsync("train", InData("teller.yaml"), "--data-dir", _workshop.NewHome()), told);
    }

    private static string Job(string source) => $$$"""
        recipe:
          data: {forecast: {{{{source}}}, time: month, targets: [sales], window: 12, horizon: 3, season: 12}}
          model: {layers: [{lstm: {units: 8}}]}
          training:
            epochs: 4
            batch_size: 8
            learning_rate: {value: 1e-2}
            validation: {interval: 10}
        """;

    private static async Task<string> Run(params string[] arguments)
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync(arguments);
        Assert.True(exitCode == 0, $"exit code {exitCode} of {string.Join(' ', arguments)}:\n{error}\n{output}");
        return output;
    }

    private string InData(string name) => Path.Combine(_data, name);

    [GeneratedRegex("(?m)^  sha256: ([0-9a-f]{64})$")]
    private static partial Regex Sha256Line();
}
