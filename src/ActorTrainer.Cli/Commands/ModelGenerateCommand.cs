using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Contracts.V1;
using Grpc.Core;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer model generate`: text from a language model, as it is made.</summary>
internal static class ModelGenerateCommand
{
    public static Command Create(Terminal terminal)
    {
        var job = CommonOptions.JobId();
        var home = new NodeChoice();
        var prime = new Option<string>("--prime")
        {
            Description = "Text that the model reads first and goes on with [default: a line break]",
            HelpName = "TEXT",
            DefaultValueFactory = _ => "",
        };
        var length = new Option<uint?>("--length") { Description = "Characters to write, at most 100000 [default: 400]", HelpName = "N" };
        var temperature = new Option<double?>("--temperature")
        {
            Description = "How daring: 0 always takes the likeliest character, 1 draws as the model believes [default: 1]",
            HelpName = "T",
        };
        var topK = new Option<uint?>("--top-k") { Description = "Draw only from the K likeliest characters [default: from all]", HelpName = "K" };
        var seed = new Option<uint?>("--seed") { Description = "The same seed gives the same text [default: 1]", HelpName = "N" };
        return new Command("generate", "Let a language model write text.") { job, prime, length, temperature, topK, seed, home }
            .WithExamples(
                "model generate self-portrait-k3f9 --length 600 --temperature 0.7",
                "model generate self-portrait-k3f9 --prime \"public static \" --seed 7")
            .Runs(terminal, async line =>
            {
                var request = new GenerateRequest { JobId = line.GetRequiredValue(job), Prime = line.GetRequiredValue(prime) };
                SetIfGiven(line.GetValue(length), value => request.Length = value);
                SetIfGiven(line.GetValue(temperature), value => request.Temperature = value);
                SetIfGiven(line.GetValue(topK), value => request.TopK = value);
                SetIfGiven(line.GetValue(seed), value => request.Seed = value);
                using var interrupts = new Interrupts();
                await using var node = await NodeSession.OpenExistingAsync(home.Of(line), interrupts.Requested);
                return await WriteAsync(terminal, node.Client, request, interrupts.Requested);
            });
    }

    private static async Task<int> WriteAsync(Terminal terminal, NodeClient client, GenerateRequest request, CancellationToken cancellation)
    {
        // A file gets what the model wrote; a terminal is not to be steered by it.
        Func<string, string> shown = Console.IsOutputRedirected ? text => text : SampleBlock.Clean;
        using var call = client.Models.Generate(request, cancellationToken: cancellation);
        var isFirst = true;
        await foreach (var piece in call.ResponseStream.ReadAllAsync(cancellation))
        {
            terminal.Output.Write(shown(isFirst ? request.Prime + piece.Text : piece.Text));
            terminal.Output.Flush();
            isFirst = false;
        }

        terminal.Output.WriteLine();
        return ExitCode.Success;
    }

    private static void SetIfGiven<T>(T? value, Action<T> set)
        where T : struct
    {
        if (value is { } given)
        {
            set(given);
        }
    }
}
