using System.Globalization;
using Akka.Actor;
using Akka.Event;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>Writes what the actors log to standard error, a line each: standard output is the program's own.</summary>
public sealed class StandardErrorLogger : ReceiveActor
{
    public StandardErrorLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    private static void Write(LogEvent log)
    {
        var cause = log.Cause is null ? "" : Environment.NewLine + log.Cause;
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{log.Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ} {log.LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant()} {log.Message}{cause}"));
    }
}
