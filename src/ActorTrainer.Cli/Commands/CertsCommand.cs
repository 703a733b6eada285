using System.CommandLine;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer certs …`: by what the nodes of a cluster know each other.</summary>
internal static class CertsCommand
{
    public static Command Create(Terminal terminal) => new("certs", "Make and show the certificates by which the nodes of a cluster know each other.")
    {
        CertsInitCommand.Create(terminal),
        CertsShowCommand.Create(terminal),
    };
}
