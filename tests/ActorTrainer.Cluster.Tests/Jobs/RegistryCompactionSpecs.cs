using System.Globalization;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Tests.Storage;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Persistence;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Tests.Jobs;

public sealed class RegistryCompactionOnSqliteSpecs() : RegistryCompactionSpecs(DatabaseKind.Sqlite);

public sealed class RegistryCompactionOnPostgreSqlSpecs() : RegistryCompactionSpecs(DatabaseKind.PostgreSql);

/// <summary>A registry with a long past: its events give way to a snapshot, and nothing is forgotten.</summary>
public abstract class RegistryCompactionSpecs(DatabaseKind kind) : ActorSpecs(kind)
{
    private const int JobsOfOneInterval = (int)RegistryCompaction.Interval / 2;

    [DatabaseFact]
    public async Task Starts_from_the_snapshot_alone()
    {
        await WritePast(first: 0, JobsOfOneInterval);
        await Live(async _ => await AwaitAssertAsync(() => Assert.Equal(RegistryCompaction.Interval, Number("SELECT MAX(sequence_number) FROM snapshot"))));
        Number("DELETE FROM journal WHERE persistence_id = 'job-registry' RETURNING 1");

        await Live(async registry =>
        {
            registry.Tell(new Submit("request-7", null, Specimens.BinaryAddition()), TestActor);
            Assert.Equal((Name(7), JobState.Cancelled), await ExpectMsgAsync<JobView>() is var seventh ? (seventh.Job, seventh.State) : default);
            registry.Tell(new ListJobs(JobsOfOneInterval, null), TestActor);
            Assert.Equal(Name(JobsOfOneInterval - 1), (await ExpectMsgAsync<JobPage>()).Jobs[0].Job);
        });
    }

    [DatabaseFact]
    public async Task Lets_old_events_go_but_those_since_the_snapshot_before()
    {
        await WritePast(first: 0, JobsOfOneInterval);
        await Live(async _ => await AwaitAssertAsync(() => Assert.Equal(RegistryCompaction.Interval, Number("SELECT MAX(sequence_number) FROM snapshot"))));
        await WritePast(first: JobsOfOneInterval, JobsOfOneInterval);

        await Live(async registry =>
        {
            await AwaitAssertAsync(() => Assert.Equal(RegistryCompaction.Interval + 1, Number("SELECT MIN(sequence_number) FROM journal WHERE NOT deleted")));
            Assert.Equal(RegistryCompaction.Interval, Number("SELECT MIN(sequence_number) FROM snapshot"));
            registry.Tell(new GetJob(Name(0)), TestActor);
            Assert.Equal(JobState.Cancelled, (await ExpectMsgAsync<JobView>()).State);
        });
    }

    private static JobId Name(int number) => new(string.Create(CultureInfo.InvariantCulture, $"past-{number}"));

    /// <summary>A registry for as long as the action takes.</summary>
    private async Task Live(Func<IActorRef, Task> action)
    {
        var registry = Watch(Sys.ActorOf(JobRegistryActor.Props(Services)));
        await action(registry);
        Sys.Stop(registry);
        await ExpectTerminatedAsync(registry);
    }

    /// <summary>The events of jobs that were submitted and cancelled, as the registry would have stored them.</summary>
    private async Task WritePast(int first, int jobs)
    {
        var submitted = Submitted(Specimens.BinaryAddition());
        var book = new JobBook();
        var events = new List<object>();
        for (var number = first; number < first + jobs; number++)
        {
            var registered = new RegistryFact.JobRegistered(
                string.Create(CultureInfo.InvariantCulture, $"request-{number}"), submitted with { Job = Name(number) });
            book.Add(registered);
            events.Add(registered);
            events.Add(new RegistryFact.JobEnded(book.Find(Name(number))!.View with { State = JobState.Cancelled }));
        }

        var writer = Watch(Sys.ActorOf(Props.Create(() => new Writer(events, TestActor))));
        await ExpectMsgAsync("written");
        Sys.Stop(writer);
        await ExpectTerminatedAsync(writer);
    }

    private long Number(string query)
    {
        using var connection = Services.Database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return Convert.ToInt64(command.ExecuteScalar() is { } value and not DBNull ? value : 0, CultureInfo.InvariantCulture);
    }

    private sealed class Writer : ReceivePersistentActor
    {
        public Writer(List<object> events, IActorRef asker)
        {
            var missing = events.Count;
            Recover<RecoveryCompleted>(_ => PersistAll(events, _ =>
            {
                if (--missing == 0)
                {
                    asker.Tell("written");
                }
            }));
            RecoverAny(_ => { });
            CommandAny(_ => { });
        }

        public override string PersistenceId => "job-registry";
    }
}
