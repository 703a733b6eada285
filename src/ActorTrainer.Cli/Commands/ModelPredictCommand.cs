using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Predictions;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer model predict`: what a model makes of data that it has not seen.</summary>
internal static class ModelPredictCommand
{
    private const string StandardInput = "-";

    public static Command Create(Terminal terminal)
    {
        var names = new Argument<string[]>("JOB INPUT")
        {
            Description = "The job's id, and the file to predict from, or - for the standard input; with --model the file alone",
            Arity = new ArgumentArity(1, 2),
        };
        names.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-') && token.Value != StandardInput) is { } token)
            {
                result.AddError($"unknown option '{token.Value}'");
            }
        });
        var model = new Option<string?>("--model") { Description = "A model's file instead of a job: no node is needed", HelpName = "FILE.safetensors" };
        var format = OneOf(new Option<string?>("--format") { Description = "How INPUT is written: csv, json or idx [default: by its name, else as the training data]", HelpName = "FORMAT" }, "csv", "json", "idx");
        var output = OneOf(new Option<string?>("--output", "-o") { Description = "How the answer is written: csv or json, an object a line [default: csv]", HelpName = "FORMAT" }, "csv", "json");
        var to = new Option<string?>("--to") { Description = "Write the answer to a file", HelpName = "FILE" };
        var plot = new Option<string?>("--plot") { Description = "Draw a forecast, or how probable the classes are", HelpName = "FILE.png|.svg" };
        plot.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Path.GetExtension(result.Tokens[0].Value).ToLowerInvariant() is not (".png" or ".svg"))
            {
                result.AddError($"--plot writes .png or .svg, not '{result.Tokens[0].Value}'");
            }
        });
        var home = new NodeChoice();
        return new Command("predict", "Predict from data that the model has not seen.") { names, model, format, output, to, plot, home }
            .WithExamples(
                "model predict sunspots-k3f9 monthly-sunspots.csv --plot sunspots.png",
                "model predict digits-rows-k3f9 t10k-images-idx3-ubyte.gz --to digits.csv",
                "model predict --model names.safetensors names.jsonl -o json")
            .Runs(terminal, async line =>
            {
                var (job, input) = (line.GetRequiredValue(names), line.GetValue(model)) switch
                {
                    ([var only], not null) => ("", only),
                    ([var id, var file], null) => (id, file),
                    ({ Length: 1 }, null) => throw new UsageException("model predict needs a job and a file to predict from, or - for the standard input"),
                    _ => throw new UsageException("--model stands in place of the job: give the file to predict from alone"),
                };
                var writer = new AnswerWriter(terminal, line.GetValue(output) == "json", line.GetValue(to), line.GetValue(plot));
                var written = InputFormat.Of(line.GetValue(format), input);
                var source = input == StandardInput ? "standard input" : input;
                using var interrupts = new Interrupts();
                await using var data = input == StandardInput ? Console.OpenStandardInput() : File.OpenRead(input);
                if (line.GetValue(model) is { } path)
                {
                    FilePrediction.Use(path, data, written, source, writer.Write);
                    return ExitCode.Success;
                }

                await using var node = await NodeSession.OpenExistingAsync(home.Of(line), interrupts.Requested);
                await NodePrediction.UseAsync(node.Client, job, data, InputFormat.ToProto(written), source, writer.Write, interrupts.Requested);
                return ExitCode.Success;
            });
    }

    private static Option<string?> OneOf(Option<string?> option, params string[] words)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !words.Contains(result.Tokens[0].Value))
            {
                result.AddError($"{option.Name} is {string.Join(" or ", words)}, not '{result.Tokens[0].Value}'");
            }
        });
        return option;
    }
}
