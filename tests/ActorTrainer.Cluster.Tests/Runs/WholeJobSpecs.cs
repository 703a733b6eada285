using System.Text;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Tests.Storage;
using ActorTrainer.Tests.Shared;
using ActorTrainer.Training;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Predictions;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Tests.Runs;

public sealed class WholeJobOnSqliteSpecs() : WholeJobSpecs(DatabaseKind.Sqlite);

public sealed class WholeJobOnPostgreSqlSpecs() : WholeJobSpecs(DatabaseKind.PostgreSql);

/// <summary>Jobs from submission to end on a node of their own: one hash, whatever happens on the way.</summary>
public abstract class WholeJobSpecs(DatabaseKind kind) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryDirectory _directory = new();
    private readonly string? _database = kind == DatabaseKind.PostgreSql ? PostgreSqlServer.Shared.NewDatabase() : null;
    private TrainingNode _node = null!;

    public async Task InitializeAsync() => _node = await TrainingNode.StartAsync(Options);

    public async Task DisposeAsync()
    {
        await _node.StopAsync();
        _directory.Dispose();
    }

    private NodeOptions Options => new() { DataDirectory = Path.Combine(_directory.Path, "node"), DatabaseConnection = _database };

    [DatabaseFact]
    public async Task Gives_one_hash_for_any_workers_and_shards()
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (workers, shards) in new[] { (1, 1), (3, 1), (1, 4), (3, 4) })
        {
            var name = $"w{workers}-s{shards}";
            var job = await Finish(await Submit(name, Specimens.BinaryAddition(workers, shards)));

            Assert.Equal(JobState.Completed, job.State);
            Assert.Equal(12, job.StepsDone);
            Assert.Equal(12, job.StepsRecorded);
            hashes.Add(name, job.WeightsSha256!);
        }

        Assert.True(hashes.Values.Distinct().Count() == 1, string.Join(Environment.NewLine, hashes));
    }

    [DatabaseFact]
    public async Task Gives_one_hash_for_a_text_whose_states_are_carried_from_step_to_step()
    {
        var text = string.Concat(Enumerable.Range(0, 400).Select(n => $"{n} times {n} is {n * n}. "));
        var sha256 = await _node.Blobs.AddAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)));

        var one = await Finish(await Submit("one", Specimens.Text(sha256, workers: 1, shards: 1)));
        var many = await Finish(await Submit("many", Specimens.Text(sha256, workers: 3, shards: 4)));

        Assert.Equal(JobState.Completed, one.State);
        Assert.Equal(one.WeightsSha256, many.WeightsSha256);
        Assert.Equal(one.ValidationLoss, many.ValidationLoss);
    }

    [DatabaseFact]
    public async Task Gives_one_hash_for_a_GRU_with_dropout_over_shuffled_lines_and_a_model_that_remembers_them()
    {
        var lines = string.Concat(Enumerable.Range(0, 93).Select(n => $"{n} and {n * n}\n"));
        var sha256 = await _node.Blobs.AddAsync(new MemoryStream(Encoding.UTF8.GetBytes(lines)));

        var one = await Finish(await Submit("one", Specimens.Lines(sha256, workers: 1, shards: 1)));
        var many = await Finish(await Submit("many", Specimens.Lines(sha256, workers: 3, shards: 4)));

        Assert.Equal(JobState.Completed, one.State);
        Assert.Equal(0, one.StepsDone % 3);
        Assert.Equal(one.WeightsSha256, many.WeightsSha256);
        Assert.Equal(one.ValidationLoss, many.ValidationLoss);
        await using var file = File.OpenRead((await _node.Registry.Ask<ModelView>(new GetModel(many.Job), Patience)).File!);
        var model = ModelFile.Read(file);
        Assert.Equal(one.StepsDone, model.Step);
        Assert.Equal(string.Concat(lines.Distinct().Order()), model.Schema.Vocabulary!.Characters);
    }

    /// <summary>Over short last batches, over shuffled lines of different lengths, and over carried state.</summary>
    [DatabaseFact]
    public async Task Commits_at_its_end_the_losses_that_evaluating_its_model_gives()
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 141).Select(n => $"{n} and {n * n}\n")));
        var sha256 = await _node.Blobs.AddAsync(new MemoryStream(content));
        foreach (var spec in new[] { Specimens.BinaryAddition(), Specimens.Lines(sha256, workers: 2, shards: 1), Specimens.Text(sha256, workers: 1, shards: 1) })
        {
            var recipe = spec.Recipe with { Training = spec.Recipe.Training with { Validation = new ValidationRecipe(Interval: 7, Batches: 0) } };
            var job = await Finish(await Submit(recipe.Data.GetType().Name.ToLowerInvariant(), spec with { Recipe = recipe }));
            var model = await _node.Registry.Ask<ModelView>(new GetModel(job.Job), Patience);
            var run = new TrainingRun(recipe, TrainingRun.OpenData(recipe, _ => new MemoryStream(content)));
            Assert.True(run.Data.ValidationBatches > 1);
            using var evaluator = new Evaluator(run);

            var evaluation = evaluator.Evaluate(model.Weights.AsSpan())!;

            Assert.Equal(job.ValidationLoss, evaluation.Loss);
            Assert.Equal(job.ValidationAccuracy, evaluation.Accuracy);
        }
    }

    [DatabaseFact]
    public async Task Writes_the_model_whose_hash_it_tells()
    {
        var job = await Finish(await Submit("model", Specimens.BinaryAddition()));

        var model = await _node.Registry.Ask<ModelView>(new GetModel(job.Job), Patience);

        Assert.Equal(job.WeightsSha256, model.WeightsSha256);
        Assert.Equal(job.WeightsSha256, WeightsHash.Sha256(model.Weights.AsSpan()));
        Assert.Equal(12, model.Step);
        await using var file = File.OpenRead(model.File!);
        Assert.Equal(job.WeightsSha256, ModelFile.Read(file).WeightsSha256);
    }

    [DatabaseFact]
    public async Task Comes_to_the_same_hash_after_a_pause_and_after_a_restart()
    {
        var spec = Specimens.BinaryAddition(workers: 2, shards: 4, steps: 4000, checkpointInterval: 20);
        var undisturbed = await Finish(await Submit("undisturbed", spec));

        var job = await Submit("disturbed", spec);
        await Until(job, happened => happened is JobEvent.StepCommitted);
        Assert.Equal(JobState.Paused, (await _node.Registry.Ask<JobView>(new Pause(job), Patience)).State);
        var paused = await _node.Registry.Ask<ModelView>(new GetModel(job), Patience);
        Assert.InRange(paused.Step, 1, 3999);
        await _node.Registry.Ask<JobView>(new Resume(job), Patience);
        await Until(job, happened => happened is JobEvent.StepCommitted step && step.Step > paused.Step);
        await _node.StopAsync();
        _node = await TrainingNode.StartAsync(Options);
        var finished = await Finish(job);

        Assert.Equal(JobState.Completed, finished.State);
        Assert.Equal(undisturbed.WeightsSha256, finished.WeightsSha256);
        Assert.Equal(undisturbed.TrainingLoss, finished.TrainingLoss);
        Assert.Equal(undisturbed.ValidationLoss, finished.ValidationLoss);
        Assert.NotNull(undisturbed.ValidationExactSequences);
        Assert.Equal(undisturbed.ValidationExactSequences, finished.ValidationExactSequences);
    }

    /// <summary>No checkpoint falls due on the way, so that the only one is that of the node which stops.</summary>
    [DatabaseFact]
    public async Task Goes_on_after_the_last_step_that_a_node_made_before_it_stopped()
    {
        var spec = Specimens.BinaryAddition(workers: 2, shards: 4, steps: 2000, checkpointInterval: 100_000);
        var undisturbed = await Finish(await Submit("undisturbed", spec));
        var job = await Submit("stopped", spec);
        var seen = 0L;
        await Until(job, happened => happened is JobEvent.StepCommitted step && (seen = step.Step) >= 20);
        Assert.Equal(0, (await _node.Registry.Ask<JobView>(new GetJob(job), Patience)).StepsRecorded);

        await _node.StopAsync();
        _node = await TrainingNode.StartAsync(Options);

        Assert.InRange((await _node.Registry.Ask<JobView>(new GetJob(job), Patience)).StepsRecorded, seen, 1999);
        Assert.Equal(undisturbed.WeightsSha256, (await Finish(job)).WeightsSha256);
    }

    [DatabaseFact]
    public async Task Tells_a_watcher_every_step_once_in_order()
    {
        var job = await Submit("watched", Specimens.BinaryAddition());
        var steps = new List<JobEvent.StepCommitted>();
        var sequences = new List<long>();

        await Until(job, happened =>
        {
            if (happened is not JobEvent.Snapshot)
            {
                sequences.Add(happened.Sequence);
            }

            if (happened is JobEvent.StepCommitted step)
            {
                steps.Add(step);
            }

            return false;
        });

        Assert.Equal(Enumerable.Range(1, 12).Select(step => (long)step), steps.Select(step => step.Step));
        Assert.Equal(sequences.Order().Distinct(), sequences);
        Assert.All(steps, step => Assert.True(step.Loss > 0 && step.GradientNorm > 0 && step.LearningRate == 0.01));
    }

    private async Task<JobId> Submit(string name, JobSpec spec)
    {
        var answer = await _node.Registry.Ask<object>(new Submit(name, new JobId(name), spec), Patience);
        return Assert.IsType<JobView>(answer).Job;
    }

    private async Task<JobView> Finish(JobId job)
    {
        await Until(job, _ => false);
        return await _node.Registry.Ask<JobView>(new GetJob(job), Patience);
    }

    /// <summary>Watches until an event is the right one, or the job has ended.</summary>
    private async Task Until(JobId job, Func<JobEvent, bool> isRight)
    {
        using var listener = new Listener(_node.System);
        await listener.UntilAsync(_node.Registry, job, isRight, Patience);
    }
}
