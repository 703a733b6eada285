using ActorTrainer.Cli.Commands;
using ActorTrainer.Cli.Terminals;

return await CommandLine.InvokeAsync(args, Terminal.OfProcess());
