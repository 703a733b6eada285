using System.CommandLine;
using System.Security.Cryptography;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Cluster.Trust;
using ActorTrainer.Gateway.Access;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer certs init`: an authority, and a certificate for each node; again, for nodes that come later.</summary>
internal static class CertsInitCommand
{
    private const int MostDays = 3_650;

    public static Command Create(Terminal terminal)
    {
        var output = new Option<string>("--out") { Description = "Where the authority and a folder for each node go", HelpName = "DIR", DefaultValueFactory = _ => "certs" };
        var nodes = new Option<string[]>("--node")
        {
            Description = "A node, with every name and address it is called by; a network stands for all of its addresses. May be given several times",
            HelpName = "NAME[,HOST …]",
            Required = true,
        };
        var days = new Option<int>("--days") { Description = $"How long a node's certificate lasts, from 1 to {MostDays} days", HelpName = "N", DefaultValueFactory = _ => CertificateAuthority.NodeDays };
        var token = new Option<string?>("--token") { Description = "Also make an access token for gateways and clients in this file, unless it is there", HelpName = "FILE" };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MostDays)
            {
                result.AddError($"--days is from 1 to {MostDays}");
            }
        });
        return new Command("init", "Make a certificate authority and certificates of nodes; an authority that is there is kept, and certifies further nodes.") { output, nodes, days, token }
            .WithExamples(
                "certs init --node server-1,10.0.0.11 --node server-2,10.0.0.12 --node server-3,10.0.0.13",
                "certs init --out certs --node gateway,train.example.org,127.0.0.1 --node worker,172.28.0.0/24 --token certs/token")
            .Runs(terminal, line => Task.FromResult(Run(
                terminal, line.GetRequiredValue(output), line.GetRequiredValue(nodes), line.GetValue(days), line.GetValue(token), TimeProvider.System)));
    }

    internal static int Run(Terminal terminal, string directory, string[] nodes, int days, string? token, TimeProvider clock)
    {
        // All of them are read first, so that a wrong one leaves nothing behind.
        var names = nodes.Select(Parse).ToList();
        try
        {
            using var authority = CertificateAuthority.OpenOrCreate(directory, clock, out var made);
            terminal.Output.WriteLine($"{Path.Combine(directory, NodeTrust.AuthorityFile)}: {authority.Certificate.Subject}, until {CertificateReport.Day(authority.Certificate)}{(made ? "" : " (was there)")}");
            foreach (var node in names)
            {
                var (certificate, isNew) = authority.Issue(directory, node, days);
                using (certificate)
                {
                    terminal.Output.WriteLine($"{Path.Combine(directory, node.Node)}: {CertificateReport.Names(certificate)}, until {CertificateReport.Day(certificate)}{(isNew ? "" : " (was there)")}");
                }
            }

            if (token is not null)
            {
                var wasThere = File.Exists(token);
                AccessToken.ReadOrCreateFile(token);
                terminal.Output.WriteLine($"{token}: an access token{(wasThere ? " (was there)" : "")}");
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or CryptographicException)
        {
            throw new FailureException(failure.Message, failure);
        }

        terminal.Output.WriteLine();
        foreach (var line in Next(directory, names[0].Node).SelectMany(terminal.Fold))
        {
            terminal.Output.WriteLine(line);
        }

        return ExitCode.Success;
    }

    private static CertificateNames Parse(string text)
    {
        try
        {
            return CertificateNames.Parse(text);
        }
        catch (FormatException wrong)
        {
            throw new UsageException($"--node {text}: {wrong.Message}");
        }
    }

    private static IEnumerable<string> Next(string directory, string node) =>
    [
        $"Bring each node its folder, and nothing else of {directory}, and start it with the folder as its --tls:",
        $"  {ProgramName.Here} node … --tls {Path.Combine(directory, node)}",
        $"Clients need only {Path.Combine(directory, NodeTrust.AuthorityFile)}, as --ca. Keep {Path.Combine(directory, CertificateAuthority.KeyFile)} where no node runs: who has it can be any node.",
    ];
}
