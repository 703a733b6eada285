using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Tests.Storage;

public sealed class CheckpointPartActorOnSqliteSpecs() : CheckpointPartActorSpecs(DatabaseKind.Sqlite);

public sealed class CheckpointPartActorOnPostgreSqlSpecs() : CheckpointPartActorSpecs(DatabaseKind.PostgreSql);

public abstract class CheckpointPartActorSpecs(DatabaseKind kind) : ActorSpecs(kind)
{
    private static readonly byte[] Content = [1, 2, 3, 4];
    private static readonly JobProgress None = JobProgress.None;

    private static PartKey Key(long incarnation, long item) => new(Job, "shard-0", incarnation, item);

    [DatabaseFact]
    public async Task Gives_back_under_its_hash_what_it_saved()
    {
        var parts = Sys.ActorOf(CheckpointPartActor.Props);
        parts.Tell(new CheckpointPartActor.Save(Key(1, 9), Content), TestActor);
        var saved = await ExpectMsgAsync<CheckpointPartActor.Saved>();

        parts.Tell(new CheckpointPartActor.Load(Key(1, 9), saved.Sha256), TestActor);

        var loaded = await ExpectMsgAsync<CheckpointPartActor.Loaded>();
        Assert.Equal(Content, loaded.Content.ToArray());
    }

    [DatabaseFact]
    public async Task Stores_a_part_of_many_chunks_and_misses_one_that_is_gone()
    {
        var content = new byte[(2 * CheckpointPartActor.ChunkBytes) + 5];
        new Random(1).NextBytes(content);
        var parts = Sys.ActorOf(CheckpointPartActor.Props);
        parts.Tell(new CheckpointPartActor.Save(Key(1, 9), content), TestActor);
        var saved = await ExpectMsgAsync<CheckpointPartActor.Saved>();

        parts.Tell(new CheckpointPartActor.Load(Key(1, 9), saved.Sha256), TestActor);
        Assert.True((await ExpectMsgAsync<CheckpointPartActor.Loaded>()).Content.Span.SequenceEqual(content));
        using (var connection = Services.Database.Open())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "DELETE FROM snapshot WHERE sequence_number = 2";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        parts.Tell(new CheckpointPartActor.Load(Key(1, 9), saved.Sha256), TestActor);

        Assert.Equal("its chunk 2 is not there", (await ExpectMsgAsync<CheckpointPartActor.Unreadable>()).Reason);
        Assert.Equal(2, CheckpointCatalog.Keep(Services.Database, Job, []));
    }

    [DatabaseFact]
    public async Task Lets_no_save_overwrite_that_of_another_incarnation_or_item()
    {
        var parts = Sys.ActorOf(CheckpointPartActor.Props);
        parts.Tell(new CheckpointPartActor.Save(Key(1, 9), Content), TestActor);
        parts.Tell(new CheckpointPartActor.Save(Key(2, 9), new byte[] { 5 }), TestActor);
        parts.Tell(new CheckpointPartActor.Save(Key(1, 10), new byte[] { 6 }), TestActor);
        var first = await ExpectMsgAsync<CheckpointPartActor.Saved>();
        await ExpectMsgAsync<CheckpointPartActor.Saved>();
        await ExpectMsgAsync<CheckpointPartActor.Saved>();

        parts.Tell(new CheckpointPartActor.Load(Key(1, 9), first.Sha256), TestActor);

        Assert.Equal(Content, (await ExpectMsgAsync<CheckpointPartActor.Loaded>()).Content.ToArray());
    }

    [DatabaseFact]
    public async Task Says_what_is_wrong_with_a_part_that_is_missing_or_other_than_recorded()
    {
        var parts = Sys.ActorOf(CheckpointPartActor.Props);
        parts.Tell(new CheckpointPartActor.Load(Key(1, 9), "any"), TestActor);
        Assert.Equal("it is not there", (await ExpectMsgAsync<CheckpointPartActor.Unreadable>()).Reason);

        parts.Tell(new CheckpointPartActor.Save(Key(1, 9), Content), TestActor);
        await ExpectMsgAsync<CheckpointPartActor.Saved>();
        parts.Tell(new CheckpointPartActor.Load(Key(1, 9), "other"), TestActor);

        Assert.Contains("other was recorded", (await ExpectMsgAsync<CheckpointPartActor.Unreadable>()).Reason, StringComparison.Ordinal);
    }

    [DatabaseFact]
    public async Task Clears_away_what_belongs_to_no_kept_checkpoint_and_nothing_newer()
    {
        var parts = Sys.ActorOf(CheckpointPartActor.Props);
        foreach (var (incarnation, item) in new[] { (1L, 4L), (1L, 9L), (2L, 4L), (2L, 9L) })
        {
            parts.Tell(new CheckpointPartActor.Save(Key(incarnation, item), Content), TestActor);
        }

        parts.Tell(new CheckpointPartActor.Save(new PartKey(new JobId("specimen-2"), "shard-0", 1, 4), Content), TestActor);
        var hash = (await ExpectMsgAsync<CheckpointPartActor.Saved>()).Sha256;
        for (var i = 0; i < 4; i++)
        {
            await ExpectMsgAsync<CheckpointPartActor.Saved>();
        }

        var deleted = CheckpointCatalog.Keep(Services.Database, Job, [Recorded(1, 9), Recorded(2, 4)]);

        Assert.Equal(1, deleted);
        parts.Tell(new CheckpointPartActor.Load(Key(1, 4), hash), TestActor);
        await ExpectMsgAsync<CheckpointPartActor.Unreadable>();
        parts.Tell(new CheckpointPartActor.Load(Key(2, 9), hash), TestActor);
        await ExpectMsgAsync<CheckpointPartActor.Loaded>();
        Assert.Equal(3, CheckpointCatalog.Keep(Services.Database, Job, []));
    }

    private static Checkpoint Recorded(long incarnation, long item) => new(incarnation, 0, item, item, [], "", None);
}
