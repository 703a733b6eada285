using System.CommandLine;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer model …`: what trained models can do, and their files.</summary>
internal static class ModelCommand
{
    public static Command Create(Terminal terminal) => new("model", "Use a trained model: let it write or predict, see how good it is, take it away.")
    {
        ModelGenerateCommand.Create(terminal),
        ModelPredictCommand.Create(terminal),
        ModelEvaluateCommand.Create(terminal),
        ModelDownloadCommand.Create(terminal),
    };
}
