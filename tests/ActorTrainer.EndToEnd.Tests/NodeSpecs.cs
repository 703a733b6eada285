using System.Text.Json;

namespace ActorTrainer.EndToEnd.Tests;

[Collection(WorkshopCollection.Name)]
public sealed class NodeSpecs(Workshop workshop)
{
    [Fact]
    public async Task A_second_program_attaches_to_the_node_of_the_data_directory()
    {
        var home = workshop.NewHome();
        using var node = ProgramProcess.Start("up", "--data-dir", home);
        await node.LineAsync(line => line.Contains("endpoint", StringComparison.Ordinal));
        await node.LineAsync(line => line.StartsWith("Ctrl-C", StringComparison.Ordinal));

        var (exitCode, output, error) = await ProgramProcess.RunAsync("train", workshop.Job, "--data-dir", home, "-o", "json");
        Assert.True(exitCode == 0, error);
        Assert.Contains("the one that runs already", error, StringComparison.Ordinal);
        using var result = JsonDocument.Parse(output);
        Assert.Equal(await workshop.Undisturbed, result.RootElement.GetProperty("weights_sha256").GetString());
        Assert.True(File.Exists(result.RootElement.GetProperty("model").GetString()), output);

        var job = result.RootElement.GetProperty("job").GetString()!;
        var (_, list, _) = await ProgramProcess.RunAsync("job", "list", "--data-dir", home);
        Assert.Matches($"(?m)^{job}  +completed  +20,000 / 20,000 ", list);

        var (second, _, secondError) = await ProgramProcess.RunAsync("up", "--data-dir", home);
        Assert.Equal(1, second);
        Assert.Contains("Another node runs in the data directory", secondError, StringComparison.Ordinal);

        await node.SignalAsync("TERM");
        Assert.Equal(0, await node.ExitAsync());
        Assert.Contains($"Z Job {job} is completed at step 20000\n", node.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("akka", node.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("INFO Cluster", await File.ReadAllTextAsync(Path.Combine(home, "node.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_stays_when_its_node_has_gone()
    {
        var home = workshop.NewHome();
        var (_, output, _) = await ProgramProcess.RunAsync("train", workshop.Job, "--data-dir", home, "-o", "json", "--set", "training.steps=40");
        using var result = JsonDocument.Parse(output);
        var job = result.RootElement.GetProperty("job").GetString()!;
        var file = Path.Combine(home, "fetched.safetensors");

        var (exitCode, _, error) = await ProgramProcess.RunAsync("model", "download", job, "-o", file, "--data-dir", home);

        Assert.True(exitCode == 0, error);
        Assert.Equal(
            await File.ReadAllBytesAsync(result.RootElement.GetProperty("model").GetString()!), await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task A_node_without_fused_multiply_add_says_that_it_is_right_but_slow()
    {
        using var node = ProgramProcess.Start([("DOTNET_EnableAVX2", "0")], ["up", "--data-dir", workshop.NewHome()]);
        await node.LineAsync(line => line.StartsWith("Ctrl-C", StringComparison.Ordinal));
        await node.SignalAsync("TERM");

        Assert.Equal(0, await node.ExitAsync());
        Assert.Contains(
            "warning: this machine computes with 128-bit vectors without a fused multiply-add instruction: results are the same",
            node.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_run_is_paused_and_mentioned_when_its_file_is_trained_again()
    {
        var home = workshop.NewHome();
        string id;
        using (var killed = ProgramProcess.Start("train", workshop.Job, "--data-dir", home))
        {
            id = (await killed.LineAsync(line => line.StartsWith("adder-", StringComparison.Ordinal))).Split(':')[0];
            await killed.LineAsync(line => line.StartsWith("step ", StringComparison.Ordinal));
            await killed.KillAsync();
        }

        var (exitCode, _, error) = await ProgramProcess.RunAsync("train", workshop.Job, "--set", "training.steps=20", "--data-dir", home);
        var (_, list, _) = await ProgramProcess.RunAsync("job", "list", "--data-dir", home);

        Assert.True(exitCode == 0, error);
        Assert.Contains($"note: job {id} of this file is unfinished", error, StringComparison.Ordinal);
        Assert.Contains($"train --resume {id} --data-dir {home}", error, StringComparison.Ordinal);
        Assert.Matches($"(?m)^{id}  +paused  ", list);
    }

    [Theory]
    [InlineData("train no-such.yaml", "no-such.yaml: no such file")]
    [InlineData("train --wrokers 2", "actortrainer train: unknown option '--wrokers'; did you mean '--workers'?")]
    [InlineData("no-such-command", "actortrainer: unknown command 'no-such-command'")]
    public async Task Wrong_usage_exits_2_with_the_reason(string line, string reason)
    {
        var (exitCode, output, error) = await ProgramProcess.RunAsync(line.Split(' '));

        Assert.Equal(2, exitCode);
        Assert.Equal("", output);
        Assert.Equal(reason, error.Split('\n')[0]);
    }
}
