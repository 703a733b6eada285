using System.CommandLine;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer certs show`: what certificates are for, and when they end.</summary>
internal static class CertsShowCommand
{
    public static Command Create(Terminal terminal)
    {
        var directory = new Argument<string>("DIR") { Description = "What `certs init` made, or the folder of one node" };
        return new Command("show", "Show whom certificates are for and when they end; exits 1 if one is not good.") { directory }
            .WithExamples("certs show certs", "certs show /etc/actortrainer/tls")
            .Runs(terminal, line => Task.FromResult(Run(terminal, line.GetRequiredValue(directory), TimeProvider.System)));
    }

    internal static int Run(Terminal terminal, string directory, TimeProvider clock)
    {
        var report = CertificateReport.Of(directory, clock);
        foreach (var line in TextTable.Lines(report.Rows))
        {
            terminal.Output.WriteLine(line);
        }

        foreach (var problem in report.Problems)
        {
            terminal.Error.WriteLine(problem);
        }

        return report.IsGood ? ExitCode.Success : ExitCode.Failure;
    }
}
