using System.CommandLine;
using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Running;
using ActorTrainer.Cli.Terminals;
using Google.Protobuf;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer validate`: everything that is wrong with a job file, without a node.</summary>
internal static class ValidateCommand
{
    private static readonly JsonFormatter Formatter = new(
        JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithIndentation());

    public static Command Create(Terminal terminal)
    {
        var file = CommonOptions.JobFile();
        var (workers, set, output) = (CommonOptions.Workers(), CommonOptions.Set(), CommonOptions.Output());
        return new Command("validate", "Check a job file and its data; nothing is started or sent.") { file, workers, set, output }
            .WithExamples(
                "validate examples/self-portrait.yaml",
                "validate examples/self-portrait.yaml --set training.batch_size=48 -o json")
            .Runs(terminal, line => Task.FromResult(Run(
                terminal, line.GetRequiredValue(file), CommonOptions.Settings(line, set, workers), line.GetRequiredValue(output) == "json")));
    }

    private static int Run(Terminal terminal, string file, IReadOnlyList<Setting> settings, bool asJson)
    {
        var job = PreparedJob.Read(file, settings);
        job.CheckData();
        if (asJson)
        {
            // The whole spec, so that one sees the defaults too.
            terminal.Output.WriteLine(Formatter.Format(job.Spec));
            return ExitCode.Success;
        }

        terminal.Output.WriteLine($"{file}: a valid job");
        terminal.Output.WriteLine();
        foreach (var line in JobIntroduction.Describe(job))
        {
            terminal.Output.WriteLine(line);
        }

        terminal.Output.WriteLine($"  recipe {job.RecipeSha256} (recipe_sha256)");
        return ExitCode.Success;
    }
}
