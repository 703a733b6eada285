using System.Diagnostics;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Benchmarks.Distribution;

/// <summary>Runs jobs on a node in this process, as `actortrainer train` does, and times the steps that it is told of.</summary>
internal sealed class ClusterTrainer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _directory;
    private readonly TrainingNode _node;
    private int _submitted;

    private ClusterTrainer(string directory, TrainingNode node) => (_directory, _node) = (directory, node);

    public static Task<ClusterTrainer> StartAsync(params MeasuredJob[] jobs) => StartAsync(options => options, jobs);

    /// <param name="change">What the node is otherwise than by default.</param>
    public static async Task<ClusterTrainer> StartAsync(Func<NodeOptions, NodeOptions> change, params MeasuredJob[] jobs)
    {
        var directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;
        var node = await TrainingNode.StartAsync(change(new NodeOptions { DataDirectory = Path.Combine(directory, "node") }));
        foreach (var job in jobs.Where(job => job.Text.Length > 0))
        {
            await node.Blobs.AddAsync(new MemoryStream(job.Text));
        }

        return new ClusterTrainer(directory, node);
    }

    /// <summary>The node's view of itself and the cluster.</summary>
    public TrainingNode Node => _node;

    /// <summary>What the node has written into its log.</summary>
    public IEnumerable<string> LogLines() => File.ReadLines(Path.Combine(_directory, "node", NodeLog.FileName));

    /// <summary>Submits the job, and waits until it is completed.</summary>
    public async Task<Stretch> TrainAsync(MeasuredJob job, int workers)
    {
        var steps = await StepsAsync(job, workers, _ => { });
        return new Stretch(Stopwatch.GetElapsedTime(steps.Times[0], steps.Times[^1]).TotalSeconds / job.MeasuredSteps, steps.WeightsSha256);
    }

    /// <summary>Submits the job, and waits until it is completed.</summary>
    /// <param name="committed">Told the number of each step as it is heard of.</param>
    /// <returns>When the last step of the warm-up and each that is measured were heard of.</returns>
    public async Task<(IReadOnlyList<long> Times, string WeightsSha256)> StepsAsync(MeasuredJob job, int workers, Action<long> committed)
    {
        var name = $"{job.Name}-{++_submitted}";
        var answer = await _node.Registry.Ask<object>(new Submit(name, new JobId(name), job.With(workers)), Patience);
        if (answer is not JobView submitted)
        {
            throw new InvalidOperationException($"the job was not taken: {answer}");
        }

        var ended = new TaskCompletionSource<IReadOnlyList<long>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var watcher = _node.System.ActorOf(Props.Create(() => new Watcher(job, committed, ended)));
        _node.Registry.Tell(new Watch(submitted.Job, 0, watcher), watcher);
        var times = await ended.Task.WaitAsync(Patience);
        _node.System.Stop(watcher);

        var finished = await _node.Registry.Ask<JobView>(new GetJob(submitted.Job), Patience);
        return finished.State == JobState.Completed
            ? (times, finished.WeightsSha256!)
            : throw new InvalidOperationException($"job {submitted.Job} is {finished.State}: {finished.Reason}");
    }

    public async ValueTask DisposeAsync()
    {
        await _node.StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(MeasuredJob job, Action<long> committed, TaskCompletionSource<IReadOnlyList<long>> ended)
        {
            var times = new List<long>();
            Receive<JobEvent.StepCommitted>(step =>
            {
                if (step.Step >= job.WarmUpSteps)
                {
                    times.Add(Stopwatch.GetTimestamp());
                }

                committed(step.Step);
            });
            Receive<WatchEnded>(_ => ended.TrySetResult(times));
            ReceiveAny(_ => { });
        }
    }
}
