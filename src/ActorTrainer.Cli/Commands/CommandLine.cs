using System.CommandLine;
using System.CommandLine.Parsing;
using ActorTrainer.Cli.Terminals;
using NearestName = ActorTrainer.Data.NearestName;

namespace ActorTrainer.Cli.Commands;

/// <summary>The command line of `actortrainer`: all commands, and what happens when none of them was meant.</summary>
internal static class CommandLine
{
    public static RootCommand Create(Terminal terminal) =>
        new("Trains recurrent networks on the cores and machines you have. The same job gives the same weights,\nbit for bit, whatever the number of workers and whatever went down in between.")
        {
            TrainCommand.Create(terminal),
            ValidateCommand.Create(terminal),
            UpCommand.Create(terminal),
            NodeCommand.Create(terminal),
            HealthCommand.Create(terminal),
            JobCommand.Create(terminal),
            DataCommand.Create(terminal),
            ModelCommand.Create(terminal),
            CertsCommand.Create(terminal),
        };

    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(string[] arguments, Terminal terminal)
    {
        var line = Create(terminal).Parse(arguments);
        if (line.Errors.Count > 0 && line.Action is not { ClearsParseErrors: true })
        {
            return Explain(line, terminal);
        }

        return await line.InvokeAsync(new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,

            // Signals are ours: the first asks for a checkpoint.
            ProcessTerminationTimeout = null,
        });
    }

    private static int Explain(ParseResult line, Terminal terminal)
    {
        var path = new List<string>();
        for (var result = line.CommandResult; result.Parent is not null; result = (CommandResult)result.Parent)
        {
            path.Insert(0, result.Command.Name);
        }

        var command = line.CommandResult.Command;
        var known = command.Subcommands.Select(inner => inner.Name).Concat(command.Options.SelectMany(option => option.Aliases.Append(option.Name))).ToList();
        var taken = line.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value);
        var unknown = taken.FirstOrDefault(word => word.StartsWith('-')) ?? line.UnmatchedTokens.FirstOrDefault();
        var name = string.Join(' ', ["actortrainer", .. path]);
        if (unknown is not null)
        {
            var what = unknown.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            var nearest = NearestName.Of(unknown, known) is { } near ? $"; did you mean '{near}'?" : "";
            terminal.Error.WriteLine($"{name}: unknown {what} '{unknown}'{nearest}");
        }
        else if (command.Subcommands.Count > 0)
        {
            terminal.Error.WriteLine($"{name}: a command is missing: {string.Join(", ", command.Subcommands.Select(inner => inner.Name))}");
        }
        else
        {
            terminal.Error.WriteLine($"{name}: {Sentence(line.Errors[0].Message)}");
        }

        terminal.Error.WriteLine($"Try: {string.Join(' ', ["actortrainer", .. path, "--help"])}");
        return ExitCode.Usage;
    }

    private static string Sentence(string message) => message.TrimEnd('.');
}
