using System.CommandLine;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer model …`: what trained models can do, and their files.</summary>
internal static class ModelCommand
{
    public static Command Create(Terminal terminal) => new("model", "Let a trained model write, or take its weights away.")
    {
        ModelGenerateCommand.Create(terminal),
        ModelDownloadCommand.Create(terminal),
    };
}
