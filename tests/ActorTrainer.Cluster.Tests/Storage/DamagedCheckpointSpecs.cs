using System.Data.Common;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Tests.Shared;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Tests.Storage;

public sealed class DamagedCheckpointOnSqliteSpecs() : DamagedCheckpointSpecs(DatabaseKind.Sqlite);

public sealed class DamagedCheckpointOnPostgreSqlSpecs() : DamagedCheckpointSpecs(DatabaseKind.PostgreSql);

/// <summary>P9: damage to the newest checkpoint is reported, the one before is used, and the hash is what it would have been.</summary>
public abstract class DamagedCheckpointSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly JobId Damaged = new("damaged");
    private static readonly JobSpec Spec = Specimens.BinaryAddition(workers: 1, shards: 2, steps: 3000, checkpointInterval: 20);

    private readonly TemporaryDirectory _directory = new();
    private readonly NodeOptions _options;
    private readonly Database _database;
    private TrainingNode _node = null!;

    protected DamagedCheckpointSpecs(DatabaseKind kind)
    {
        var home = Path.Combine(_directory.Path, "node");
        var connection = kind == DatabaseKind.PostgreSql ? PostgreSqlServer.Shared.NewDatabase() : null;
        _options = new NodeOptions { DataDirectory = home, DatabaseConnection = connection };
        _database = connection is null ? Database.Sqlite(Path.Combine(home, "actortrainer.db")) : Database.PostgreSql(connection);
    }

    public async Task InitializeAsync() => _node = await TrainingNode.StartAsync(_options);

    public async Task DisposeAsync()
    {
        await _node.StopAsync();
        _directory.Dispose();
    }

    [DatabaseFact]
    public Task Uses_the_one_before_where_a_part_is_missing() => Recovers(
        "is not there",
        (connection, id) => Execute(connection, "DELETE FROM snapshot WHERE persistence_id = @id", id));

    [DatabaseFact]
    public Task Uses_the_one_before_where_a_part_is_cut_short() => Recovers(
        "checkpoint-part",
        (connection, id) => Execute(connection, "UPDATE snapshot SET snapshot = substr(snapshot, 1, length(snapshot) / 2) WHERE persistence_id = @id", id));

    [DatabaseFact]
    public Task Uses_the_one_before_where_a_bit_of_a_part_has_flipped() => Recovers("was recorded", (connection, id) =>
    {
        byte[] bytes;
        using (var read = Command(connection, "SELECT snapshot FROM snapshot WHERE persistence_id = @id", id))
        {
            bytes = (byte[])read.ExecuteScalar()!;
        }

        bytes[bytes.Length / 2] ^= 0x10;
        using var write = Command(connection, "UPDATE snapshot SET snapshot = @bytes WHERE persistence_id = @id", id);
        Add(write, "@bytes", bytes);
        Assert.Equal(1, write.ExecuteNonQuery());
    });

    [DatabaseFact]
    public async Task Trains_on_while_nothing_can_be_stored_and_says_so()
    {
        var job = await Submit("full", Spec with { Placement = Spec.Placement with { CheckpointInterval = 200 } });
        var recorded = (await PauseAfter(job, 0)).StepsRecorded;
        var alarm = new TaskCompletionSource();
        _node.Log.Noticed += notice =>
        {
            if (notice.Text.Contains("was not stored", StringComparison.Ordinal) && notice.Text.Contains("is full", StringComparison.Ordinal))
            {
                alarm.TrySetResult();
            }
        };
        SetFull(true);
        await _node.Registry.Ask<JobView>(new Resume(job), Patience);
        await alarm.Task.WaitAsync(Patience);
        await Until(job, happened => happened is JobEvent.StepCommitted committed && committed.Step > recorded + 400);
        SetFull(false);

        var finished = await Finish(job);
        Assert.Equal((JobState.Completed, ""), (finished.State, finished.Reason));
        Assert.Equal(finished.WeightsSha256, (await Finish(await Submit("undisturbed", Spec))).WeightsSha256);
    }

    private async Task Recovers(string report, Action<DbConnection, string> damage)
    {
        var undisturbed = await Finish(await Submit("undisturbed", Spec));
        await Submit(Damaged.Value, Spec);

        // Each pause records a checkpoint: there are two, however fast the steps are and however slow the database.
        var first = await PauseAfter(Damaged, 0);
        await _node.Registry.Ask<JobView>(new Resume(Damaged), Patience);
        await PauseAfter(Damaged, first.StepsDone);
        await _node.StopAsync();
        using (var connection = _database.Open())
        {
            damage(connection, NewestPart(connection));
        }

        _node = await TrainingNode.StartAsync(_options);
        var reported = new TaskCompletionSource<string>();
        _node.Log.Noticed += notice =>
        {
            if (notice.Text.Contains("cannot be read", StringComparison.Ordinal))
            {
                reported.TrySetResult(notice.Text);
            }
        };
        await _node.Registry.Ask<JobView>(new Resume(Damaged), Patience);
        var finished = await Finish(Damaged);

        Assert.Equal((JobState.Completed, ""), (finished.State, finished.Reason));
        Assert.Equal(undisturbed.WeightsSha256, finished.WeightsSha256);
        Assert.Contains(report, await reported.Task.WaitAsync(Patience), StringComparison.Ordinal);
    }

    private static string NewestPart(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT persistence_id FROM snapshot";
        using var reader = command.ExecuteReader();
        var parts = new List<PartKey>();
        while (reader.Read())
        {
            if (PartKey.Parse(reader.GetString(0)) is { } key && key.Job == Damaged && key.Part == PartNames.Shard(1))
            {
                parts.Add(key);
            }
        }

        return parts.MaxBy(part => part.Item).PersistenceId;
    }

    /// <summary>As a full disk would answer, for parts of checkpoints alone.</summary>
    private void SetFull(bool full)
    {
        using var connection = _database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = (full, _database.IsShared) switch
        {
            (true, false) => "CREATE TRIGGER full_disk BEFORE INSERT ON snapshot BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END",
            (true, true) => """
                CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = 'disk_full'; END $$;
                CREATE TRIGGER full_disk BEFORE INSERT ON snapshot FOR EACH ROW EXECUTE FUNCTION full_disk()
                """,
            (false, false) => "DROP TRIGGER full_disk",
            (false, true) => "DROP TRIGGER full_disk ON snapshot",
        };
        command.ExecuteNonQuery();
    }

    private static void Execute(DbConnection connection, string statement, string id)
    {
        using var command = Command(connection, statement, id);
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private static DbCommand Command(DbConnection connection, string statement, string id)
    {
        var command = connection.CreateCommand();
        command.CommandText = statement;
        Add(command, "@id", id);
        return command;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }

    private async Task<JobView> PauseAfter(JobId job, long step)
    {
        await Until(job, happened => happened is JobEvent.StepCommitted committed && committed.Step > step);
        var paused = await _node.Registry.Ask<JobView>(new Pause(job), Patience);
        Assert.Equal(JobState.Paused, paused.State);
        return paused;
    }

    private async Task<JobId> Submit(string name, JobSpec spec) =>
        Assert.IsType<JobView>(await _node.Registry.Ask<object>(new Submit(name, new JobId(name), spec), Patience)).Job;

    private async Task<JobView> Finish(JobId job)
    {
        await Until(job, _ => false);
        return await _node.Registry.Ask<JobView>(new GetJob(job), Patience);
    }

    private async Task Until(JobId job, Func<JobEvent, bool> isRight)
    {
        using var listener = new Listener(_node.System);
        await listener.UntilAsync(_node.Registry, job, isRight, Patience);
    }
}
