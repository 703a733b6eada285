using System.CommandLine;
using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Gateway.Errors;
using Google.Rpc;
using Grpc.Core;

namespace ActorTrainer.Cli.Commands;

/// <summary>What all commands have in common: how they run, and how they say that something went wrong.</summary>
internal static class CommandRunning
{
    /// <summary>Errors of a job file that are shown; the rest is counted.</summary>
    private const int MostErrors = 20;

    public static Command Runs(this Command command, Terminal terminal, Func<ParseResult, Task<int>> run)
    {
        command.SetAction((line, _) => RunAsync(terminal, () => run(line)));
        return command;
    }

    internal static async Task<int> RunAsync(Terminal terminal, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (JobFileException wrong)
        {
            foreach (var error in wrong.Errors.Take(MostErrors))
            {
                terminal.Error.WriteLine(error.ToString());
            }

            if (wrong.Errors.Length > MostErrors)
            {
                terminal.Error.WriteLine($"and {wrong.Errors.Length - MostErrors} more");
            }

            return ExitCode.Usage;
        }
        catch (UsageException wrong)
        {
            foreach (var message in wrong.Messages)
            {
                Say(terminal, message, ExitCode.Usage);
            }

            return ExitCode.Usage;
        }
        catch (RpcException refused)
        {
            return Say(terminal, refused);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is FailureException or NodeStartException or IOException or UnauthorizedAccessException)
        {
            return Say(terminal, failure.Message, ExitCode.Failure);
        }
    }

    private static int Say(Terminal terminal, RpcException refused)
    {
        // A name or a value that the user gave is wrong usage; everything else is the node's affair.
        var isUsage = refused.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound;
        if (refused.StatusCode == StatusCode.Cancelled)
        {
            return ExitCode.Interrupted;
        }

        if (refused.GetRpcStatus()?.GetDetail<BadRequest>() is { FieldViolations.Count: > 0 } request)
        {
            foreach (var violation in request.FieldViolations)
            {
                Say(terminal, $"{violation.Field}: {violation.Description}", ExitCode.Usage);
            }

            return ExitCode.Usage;
        }

        if (refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason == ErrorReason.JobNotFound)
        {
            return Say(terminal, $"{refused.Status.Detail.Split(';')[0]}; see: {ProgramName.Here} job list", ExitCode.Usage);
        }

        var reason = refused.StatusCode == StatusCode.Unavailable ? $"the node does not answer: {refused.Status.Detail}" : refused.Status.Detail;
        return Say(terminal, reason, isUsage ? ExitCode.Usage : ExitCode.Failure);
    }

    private static int Say(Terminal terminal, string message, int exitCode)
    {
        terminal.Error.WriteLine($"actortrainer: {message}");
        return exitCode;
    }
}
