using ActorTrainer.Cluster.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorTrainer.Gateway.Hosting;

/// <summary>Puts what the web server and the services log into the node's log.</summary>
/// <param name="log">Null as long as there is no node: what is logged before is lost.</param>
internal sealed class NodeLogProvider(Func<NodeLog?> log) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(log, categoryName);

    public void Dispose()
    {
        // The log is the node's.
    }

    private sealed class Logger(Func<NodeLog?> log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log()?.Write(TimeProvider.System.GetUtcNow().UtcDateTime, Level(logLevel), category, formatter(state, exception), exception);
            }
        }

        private static NodeLogLevel Level(LogLevel level) => level switch
        {
            LogLevel.Critical or LogLevel.Error => NodeLogLevel.Error,
            LogLevel.Warning => NodeLogLevel.Warning,
            LogLevel.Information => NodeLogLevel.Info,
            _ => NodeLogLevel.Debug,
        };
    }
}
