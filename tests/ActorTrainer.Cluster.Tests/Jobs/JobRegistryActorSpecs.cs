using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Tests.Storage;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using Akka.TestKit;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Tests.Jobs;

public sealed class JobRegistryActorOnSqliteSpecs() : JobRegistryActorSpecs(DatabaseKind.Sqlite);

public sealed class JobRegistryActorOnPostgreSqlSpecs() : JobRegistryActorSpecs(DatabaseKind.PostgreSql);

public abstract class JobRegistryActorSpecs : ActorSpecs
{
    private static readonly JobSpec Spec = Specimens.BinaryAddition();

    private readonly TestProbe _node;

    protected JobRegistryActorSpecs(DatabaseKind kind)
        : base(kind) => StartDoors(_node = CreateTestProbe());

    private IActorRef Registry() => Sys.ActorOf(JobRegistryActor.Props(Services));

    [DatabaseFact]
    public async Task Makes_one_job_of_a_repeated_request()
    {
        var registry = Registry();
        registry.Tell(new Submit("request", null, Spec), TestActor);
        registry.Tell(new Submit("request", null, Spec), TestActor);
        var first = await ExpectMsgAsync<JobView>();

        registry.Tell(new Submit("request", new JobId("other"), Spec), TestActor);

        Assert.Equal(first.Job, (await ExpectMsgAsync<JobView>()).Job);
        registry.Tell(new ListJobs(10, null), TestActor);
        Assert.Single((await ExpectMsgAsync<JobPage>()).Jobs);
    }

    [DatabaseFact]
    public async Task Knows_jobs_and_requests_again_after_it_was_lost()
    {
        var registry = Watch(Registry());
        registry.Tell(new Submit("request", new JobId("kept"), Spec), TestActor);
        var before = await ExpectMsgAsync<JobView>();
        Sys.Stop(registry);
        await ExpectTerminatedAsync(registry);

        var again = Registry();
        again.Tell(new Submit("request", null, Spec), TestActor);

        var after = await ExpectMsgAsync<JobView>();
        Assert.Equal((before.Job, before.SubmittedAt, before.RecipeSha256), (after.Job, after.SubmittedAt, after.RecipeSha256));
    }

    [DatabaseFact]
    public async Task Fills_in_a_checkpoint_interval_that_suits_the_run_where_none_was_asked_for()
    {
        var spec = Spec with { Placement = Spec.Placement with { CheckpointInterval = DefaultCheckpointInterval.Unset } };

        Registry().Tell(new Submit("request", null, spec), TestActor);

        var taken = (await ExpectMsgAsync<JobView>()).Spec.Placement;
        Assert.InRange(taken.CheckpointInterval, 100, RecipeLimits.MaxCheckpointInterval);
        Assert.Equal(spec.Placement with { CheckpointInterval = taken.CheckpointInterval }, taken);
    }

    [DatabaseFact]
    public async Task Lists_jobs_as_they_are_right_after_a_start()
    {
        await LosePausedJobs("one", "two");

        Registry().Tell(new ListJobs(10, null), TestActor);

        var jobs = (await ExpectMsgAsync<JobPage>()).Jobs;
        Assert.Equal([JobState.Paused, JobState.Paused], jobs.Select(job => job.State));
        Assert.All(jobs, job => Assert.Equal("", job.Reason));
    }

    [DatabaseFact]
    public async Task Lists_a_job_whose_journal_cannot_be_read_with_a_word_about_it()
    {
        await LosePausedJobs("sound", "spoilt");
        await using (var database = Services.Database.Open())
        {
            await using var spoil = database.CreateCommand();
            spoil.CommandText = $"UPDATE journal SET message = {(Services.Database.IsShared ? "'\\xff'" : "x'ff'")} WHERE persistence_id = 'job/spoilt'";
            Assert.NotEqual(0, spoil.ExecuteNonQuery());
        }

        Registry().Tell(new ListJobs(10, null), TestActor);

        var jobs = (await ExpectMsgAsync<JobPage>()).Jobs;
        Assert.Equal(["spoilt", "sound"], jobs.Select(job => job.Job.Value));
        Assert.Equal("The job's actor broke and is started again; node.log says why.", jobs[0].Reason);
        Assert.Equal(JobState.Paused, jobs[1].State);
    }

    [DatabaseFact]
    public async Task Refuses_a_second_job_of_one_name_and_names_that_are_none()
    {
        var registry = Registry();
        registry.Tell(new Submit("first", new JobId("taken"), Spec), TestActor);
        await ExpectMsgAsync<JobView>();

        registry.Tell(new Submit("second", new JobId("taken"), Spec), TestActor);
        Assert.Equal("There is a job taken already; choose another id.", (await ExpectMsgAsync<Refused>()).Reason);
        registry.Tell(new Submit("third", new JobId("../etc"), Spec), TestActor);
        Assert.Contains("\"../etc\"", (await ExpectMsgAsync<Refused>()).Reason, StringComparison.Ordinal);
        registry.Tell(new Submit("", null, Spec), TestActor);
        Assert.Contains("from 1 to 64", (await ExpectMsgAsync<Refused>()).Reason, StringComparison.Ordinal);
    }

    [DatabaseFact]
    public async Task Refuses_a_job_that_cannot_run_and_forgets_its_request()
    {
        var registry = Registry();
        registry.Tell(new Submit("request", null, Spec with { Recipe = Spec.Recipe with { Lanes = 3 } }), TestActor);
        Assert.Contains("recipe.lanes", (await ExpectMsgAsync<Refused>()).Reason, StringComparison.Ordinal);
        var text = Spec with { Recipe = Spec.Recipe with { Data = new DataRecipe.Text(new string('0', 64), 8, 0.1) } };
        registry.Tell(new Submit("request", null, text with { Recipe = text.Recipe with { Model = Characters } }), TestActor);
        Assert.Contains("There is no data set 0000", (await ExpectMsgAsync<Refused>()).Reason, StringComparison.Ordinal);

        registry.Tell(new Submit("request", null, Spec), TestActor);

        await ExpectMsgAsync<JobView>();
    }

    [DatabaseFact]
    public async Task Lists_jobs_newest_first_in_pages()
    {
        var registry = Registry();
        foreach (var name in new[] { "a", "b", "c" })
        {
            registry.Tell(new Submit(name, new JobId(name), Spec), TestActor);
            await ExpectMsgAsync<JobView>();
        }

        registry.Tell(new ListJobs(2, null), TestActor);
        var first = await ExpectMsgAsync<JobPage>();
        registry.Tell(new ListJobs(2, first.Next), TestActor);
        var second = await ExpectMsgAsync<JobPage>();

        Assert.Equal(["c", "b"], first.Jobs.Select(job => job.Job.Value));
        Assert.Equal(["a"], second.Jobs.Select(job => job.Job.Value));
        Assert.Null(second.Next);
    }

    [DatabaseFact]
    public async Task Knows_nothing_of_a_job_that_was_never_submitted()
    {
        var registry = Registry();
        var job = new JobId("nobody");
        foreach (var request in new object[] { new GetJob(job), new Pause(job), new Resume(job), new Cancel(job), new GetModel(job), new Watch(job, 0, TestActor) })
        {
            registry.Tell(request, TestActor);
            await ExpectMsgAsync(new JobNotFound(job));
        }
    }

    /// <summary>Jobs that are paused, and a registry that is gone.</summary>
    private async Task LosePausedJobs(params string[] names)
    {
        var registry = Watch(Registry());
        foreach (var job in names.Select(name => new JobId(name)))
        {
            registry.Tell(new Submit(job.Value, job, Spec), TestActor);
            await ExpectMsgAsync<JobView>();
            await _node.FishForMessageAsync(message => message is TakePart);
            _node.Sender.Tell(new NodeJoined(job, Services.Node, _node, [new WorkerPlace(new WorkerId("worker-1"), _node)]));
            registry.Tell(new Pause(job), TestActor);
            Assert.Equal(JobState.Paused, (await ExpectMsgAsync<JobView>()).State);
        }

        Sys.Stop(registry);
        await ExpectTerminatedAsync(registry);
    }

    private static ModelRecipe Characters => Spec.Recipe.Model with { Loss = Numerics.Networks.LossKind.SoftmaxCrossEntropy };
}
