namespace ActorTrainer.EndToEnd.Tests;

[Collection(WorkshopCollection.Name)]
public sealed class OneHashSpecs(Workshop workshop)
{
    private const int Kills = 10;

    [Theory]
    [InlineData("adder")]
    [InlineData("writer")]
    [InlineData("liner")]
    public async Task Three_workers_and_four_shards_give_the_hash_of_one(string name)
    {
        Assert.Equal(
            await workshop.UndisturbedNamed(name),
            await Workshop.HashOfAsync(
                "train", workshop.JobNamed(name), "--workers", "3", "--set", "parameter_shards=4", "--data-dir", workshop.NewHome()));
    }

    [Theory]
    [InlineData("adder")]
    [InlineData("writer")]
    [InlineData("liner")]
    public async Task Ten_kills_at_random_moments_do_not_change_the_hash(string name)
    {
        var random = new Random(20260101);
        var home = workshop.NewHome();
        var job = await StartAndKillAsync(name, home);
        for (var kill = 1; kill < Kills; kill++)
        {
            using var program = ProgramProcess.Start("train", "--resume", job, "--data-dir", home);
            var stepping = program.LineAsync(IsProgress);
            if (kill % 2 == 0)
            {
                // On the way there: before the node is up, while it recovers, at the first step at the latest.
                await Task.WhenAny(stepping, Task.Delay(random.Next(1_200)));
            }
            else
            {
                // While it steps, and so in the midst of checkpoints, of which there is one every few milliseconds.
                await stepping;
                await Task.Delay(random.Next(60));
            }

            await program.KillAsync();
        }

        Assert.Equal(await workshop.UndisturbedNamed(name), await Workshop.HashOfAsync("train", "--resume", job, "--data-dir", home));
    }

    [Fact]
    public async Task Ctrl_C_writes_a_checkpoint_and_says_how_to_go_on()
    {
        var home = workshop.NewHome();
        using var program = ProgramProcess.Start("train", workshop.Job, "--workers", "2", "--data-dir", home);
        await program.LineAsync(IsProgress);

        await program.SignalAsync("INT");

        Assert.Equal(130, await program.ExitAsync());
        Assert.Equal("", program.Output);
        var lines = program.Error.TrimEnd().Split('\n');
        Assert.Matches("^adder-[a-z0-9]{4} is paused at step [0-9,]+ of 20,000; go on with:$", lines[^2]);
        var command = lines[^1].Split("actortrainer.dll ")[1].Split(' ');
        Assert.Equal(["train", "--resume"], command[..2]);

        Assert.Equal(await workshop.Undisturbed, await Workshop.HashOfAsync(command));
    }

    [Fact]
    public async Task A_second_Ctrl_C_leaves_at_once_and_loses_nothing_that_was_recorded()
    {
        var home = workshop.NewHome();
        using var program = ProgramProcess.Start("train", workshop.Job, "--data-dir", home);
        var id = (await program.LineAsync(line => line.StartsWith("adder-", StringComparison.Ordinal))).Split(':')[0];
        await program.LineAsync(IsProgress);

        await program.SignalAsync("INT");
        await program.SignalAsync("INT");

        Assert.Equal(130, await program.ExitAsync());
        Assert.Equal(await workshop.Undisturbed, await Workshop.HashOfAsync("train", "--resume", id, "--data-dir", home));
    }

    private static bool IsProgress(string line) => line.StartsWith("step ", StringComparison.Ordinal) && (line.Contains(" of 20,000 (", StringComparison.Ordinal) || line.Contains(" of 3,000 (", StringComparison.Ordinal));

    /// <returns>The id of the job, which was running when its process was killed.</returns>
    private async Task<string> StartAndKillAsync(string name, string home)
    {
        using var program = ProgramProcess.Start("train", workshop.JobNamed(name), "--workers", "2", "--data-dir", home);
        var id = (await program.LineAsync(line => line.StartsWith($"{name}-", StringComparison.Ordinal))).Split(':')[0];
        await program.LineAsync(IsProgress);
        await program.KillAsync();
        return id;
    }
}
