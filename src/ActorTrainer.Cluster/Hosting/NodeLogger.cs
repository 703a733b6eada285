using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>Puts what the actors log into the node's <see cref="NodeLog"/>: the streams of the process are the program's own.</summary>
public sealed class NodeLogger : ReceiveActor
{
    public NodeLogger()
    {
        // A system without a log, as some specs have, keeps silent.
        var log = Context.System.Settings.Setup.Get<NodeLogSetup>().GetOrElse(null!)?.Log;
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(said => Write(log, said));
    }

    private static void Write(NodeLog? log, LogEvent said)
    {
        // Akka's type for a source that is just a text says nothing.
        var source = said.LogClass == typeof(DummyClassForStringSources) ? said.LogSource : said.LogClass.Name;
        var text = said.Message?.ToString() ?? "";
        if (said.LogClass.Assembly == typeof(NodeLogger).Assembly)
        {
            log?.Notice(said.Timestamp, Level(said), source, text, said.Cause);
        }
        else
        {
            log?.Write(said.Timestamp, Level(said), source, text, said.Cause);
        }
    }

    private static NodeLogLevel Level(LogEvent said) => said.LogLevel() switch
    {
        LogLevel.ErrorLevel => NodeLogLevel.Error,
        LogLevel.WarningLevel => NodeLogLevel.Warning,
        LogLevel.InfoLevel => NodeLogLevel.Info,
        _ => NodeLogLevel.Debug,
    };
}

/// <summary>Gives an actor system its node's log.</summary>
internal sealed class NodeLogSetup(NodeLog log) : Setup
{
    public NodeLog Log { get; } = log;
}
