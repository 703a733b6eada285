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

    public static async Task<ClusterTrainer> StartAsync(params MeasuredJob[] jobs)
    {
        var directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;
        var node = await TrainingNode.StartAsync(new NodeOptions { DataDirectory = Path.Combine(directory, "node") });
        foreach (var job in jobs.Where(job => job.Text.Length > 0))
        {
            await node.Blobs.AddAsync(new MemoryStream(job.Text));
        }

        return new ClusterTrainer(directory, node);
    }

    /// <summary>Submits the job, and waits until it is completed.</summary>
    public async Task<Stretch> TrainAsync(MeasuredJob job, int workers)
    {
        var name = $"{job.Name}-{++_submitted}";
        var answer = await _node.Registry.Ask<object>(new Submit(name, new JobId(name), job.With(workers)), Patience);
        if (answer is not JobView submitted)
        {
            throw new InvalidOperationException($"the job was not taken: {answer}");
        }

        var times = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        var watcher = _node.System.ActorOf(Props.Create(() => new Watcher(job, times)));
        _node.Registry.Tell(new Watch(submitted.Job, 0, watcher), watcher);
        var seconds = await times.Task.WaitAsync(Patience);
        _node.System.Stop(watcher);

        var finished = await _node.Registry.Ask<JobView>(new GetJob(submitted.Job), Patience);
        return finished.State == JobState.Completed
            ? new Stretch(seconds, finished.WeightsSha256!)
            : throw new InvalidOperationException($"job {submitted.Job} is {finished.State}: {finished.Reason}");
    }

    public async ValueTask DisposeAsync()
    {
        await _node.StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(MeasuredJob job, TaskCompletionSource<double> times)
        {
            var (begin, end) = (0L, 0L);
            Receive<JobEvent.StepCommitted>(step =>
            {
                if (step.Step == job.WarmUpSteps)
                {
                    begin = Stopwatch.GetTimestamp();
                }
                else if (step.Step == job.Recipe.Training.Steps)
                {
                    end = Stopwatch.GetTimestamp();
                }
            });
            Receive<WatchEnded>(_ => times.TrySetResult(Stopwatch.GetElapsedTime(begin, end).TotalSeconds / job.MeasuredSteps));
            ReceiveAny(_ => { });
        }
    }
}
