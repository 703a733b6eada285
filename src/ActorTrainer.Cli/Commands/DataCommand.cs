using System.CommandLine;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer data …`: what jobs learn from.</summary>
internal static class DataCommand
{
    public static Command Create(Terminal terminal) => new("data", "Bring data to a node, and see what it holds.")
    {
        DataImportCommand.Create(terminal),
        DataListCommand.Create(terminal),
        DataDescribeCommand.Create(terminal),
    };
}
