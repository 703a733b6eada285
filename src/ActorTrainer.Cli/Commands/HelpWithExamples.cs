using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ActorTrainer.Cli.Commands;

/// <summary>The help of a command with the command lines one would try first.</summary>
internal static class HelpWithExamples
{
    public static Command WithExamples(this Command command, params string[] examples)
    {
        command.Options.Add(new HelpOption { Action = new Help(examples) });
        return command;
    }

    private sealed class Help(string[] examples) : SynchronousCommandLineAction
    {
        private readonly HelpAction _usual = new();

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult line)
        {
            var result = _usual.Invoke(line);
            var output = line.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  actortrainer {example}");
            }

            output.WriteLine();
            return result;
        }
    }
}
