using System.Data.Common;
using System.Net.Sockets;
using Akka.Pattern;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorTrainer.Cluster.Storage;

/// <summary>What a failure of the store says of what lies in it.</summary>
internal static class StoreFailure
{
    /// <summary>SQLite's codes of a file, or a page of it, that is damaged: SQLITE_CORRUPT and SQLITE_NOTADB.</summary>
    private const int SqliteCorrupt = 11;

    private const int SqliteNotADatabase = 26;

    /// <summary>PostgreSQL's class of errors that tell of damaged pages and indexes.</summary>
    private const string PostgreSqlDamage = "XX";

    /// <summary>
    /// Whether it may well go again: the database is away, locked, full or slow. Else what was asked for is
    /// damaged, and will be the next time.
    /// </summary>
    public static bool IsPassing(Exception? failure) => failure switch
    {
        null => false,
        AggregateException many => many.InnerExceptions.Any(IsPassing),
        SqliteException sqlite => sqlite.SqliteErrorCode is not (SqliteCorrupt or SqliteNotADatabase),
        PostgresException postgres => !postgres.SqlState.StartsWith(PostgreSqlDamage, StringComparison.Ordinal),
        DbException or SocketException or TimeoutException or OpenCircuitException or OperationCanceledException => true,
        _ => IsPassing(failure.InnerException),
    };

    /// <summary>Its cause in words.</summary>
    public static string Reason(Exception failure) => (failure is AggregateException { InnerException: { } inner } ? inner : failure).Message;
}
