using System.Net.Sockets;
using System.Runtime.Serialization;
using ActorTrainer.Cluster.Storage;
using Akka.Pattern;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorTrainer.Cluster.Tests.Storage;

public sealed class StoreFailureTests
{
    private static PostgresException Postgres(string state) => new("message", "ERROR", "ERROR", state);

    [Fact]
    public void Takes_a_database_that_is_away_full_or_slow_for_one_that_may_come_back()
    {
        Assert.True(StoreFailure.IsPassing(new SqliteException("database is locked", 5)));
        Assert.True(StoreFailure.IsPassing(new SqliteException("database or disk is full", 13)));
        Assert.True(StoreFailure.IsPassing(new NpgsqlException("x", new SocketException(111))));
        Assert.True(StoreFailure.IsPassing(Postgres(PostgresErrorCodes.CannotConnectNow)));
        Assert.True(StoreFailure.IsPassing(new AggregateException(new OpenCircuitException())));
        Assert.True(StoreFailure.IsPassing(new InvalidOperationException("x", new TimeoutException())));
    }

    [Fact]
    public void Takes_what_is_damaged_for_lost()
    {
        Assert.False(StoreFailure.IsPassing(new SqliteException("database disk image is malformed", 11)));
        Assert.False(StoreFailure.IsPassing(Postgres(PostgresErrorCodes.DataCorrupted)));
        Assert.False(StoreFailure.IsPassing(new SerializationException("3 bytes are no checkpoint-part")));
        Assert.False(StoreFailure.IsPassing(null));
    }
}
