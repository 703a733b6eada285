using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer model evaluate`: how good a model is on the whole validation part of its data.</summary>
internal static class ModelEvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var job = CommonOptions.JobId();
        var output = CommonOptions.Output();
        var home = new NodeChoice();
        return new Command("evaluate", "See how good a model is on all of its validation data, in the data's units.") { job, output, home }
            .WithExamples("model evaluate sunspots-k3f9", "model evaluate digits-rows-k3f9 -o json")
            .Runs(terminal, async line =>
            {
                using var interrupts = new Interrupts();
                await using var node = await NodeSession.OpenExistingAsync(home.Of(line), interrupts.Requested);
                var id = line.GetRequiredValue(job);
                var evaluation = await node.Client.Models.EvaluateAsync(new EvaluateRequest { JobId = id }, cancellationToken: interrupts.Requested);
                if (line.GetValue(output) == "json")
                {
                    terminal.Output.WriteLine(EvaluationReport.ToJson(id, evaluation));
                    return ExitCode.Success;
                }

                foreach (var text in EvaluationReport.ToText(id, evaluation))
                {
                    terminal.Output.WriteLine(text);
                }

                return ExitCode.Success;
            });
    }
}
