using System.Text;

namespace ActorTrainer.Cluster.Storage;

/// <summary>Akka's settings of journal and snapshot store on a database of any kind.</summary>
internal static class JournalSettings
{
    /// <param name="provider">linq2db's name of the kind of database.</param>
    /// <param name="makesTables">Whether the plugins make their tables as they start.</param>
    public static string Of(string connectionString, string provider, bool makesTables)
    {
        var connection = $"""
            connection-string = {Quoted(connectionString)}
            provider-name = "{provider}"
            auto-initialize = {(makesTables ? "true" : "false")}
            """;
        return $$"""
            akka.persistence {
              journal {
                plugin = akka.persistence.journal.sql
                sql {
                  {{connection}}
                  circuit-breaker { max-failures = 10, call-timeout = 20s, reset-timeout = 10s }
                  # Two writers of one journal are a defect, and none of their events is to be guessed away.
                  replay-filter.mode = fail
                }
              }
              snapshot-store {
                plugin = akka.persistence.snapshot-store.sql
                sql {
                  {{connection}}
                  circuit-breaker { max-failures = 5, call-timeout = 60s, reset-timeout = 10s }
                }
              }
            }
            """;
    }

    private static string Quoted(string text) =>
        new StringBuilder(text).Replace("\\", "\\\\").Replace("\"", "\\\"").Insert(0, '"').Append('"').ToString();
}
