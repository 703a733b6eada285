using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// A node that is about to stop tells the jobs that have a part behind one of its doors (P12), again until
/// each has let it go; whoever asked for it hears when all have. Used by the door alone.
/// </summary>
internal sealed class Departure(IActorContext context, NodeId node)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<JobId, IActorRef> _jobs = [];
    private IActorRef? _asker;
    private ICancelable? _timer;

    /// <summary>Whether the node is about to stop: it takes part in nothing new.</summary>
    public bool HasBegun { get; private set; }

    /// <param name="jobs">Everybody with a part here.</param>
    public void Begin(IActorRef asker, IEnumerable<(JobId Job, IActorRef Actor)> jobs)
    {
        (_asker, HasBegun) = (asker, true);
        foreach (var (job, actor) in jobs)
        {
            _jobs[job] = actor;
        }

        _timer ??= context.System.Scheduler.ScheduleTellRepeatedlyCancelable(Interval, Interval, context.Self, SayAgain.Instance, context.Self);
        Say();
        TellIfAllLeft();
    }

    public void Say()
    {
        foreach (var (job, actor) in _jobs)
        {
            actor.Tell(new NodeLeaves(job, node), context.Self);
        }
    }

    /// <summary>The job needs nothing behind this door any more.</summary>
    public void Left(JobId job)
    {
        if (_jobs.Remove(job))
        {
            TellIfAllLeft();
        }
    }

    private void TellIfAllLeft()
    {
        if (_jobs.Count == 0 && _asker is { } asker)
        {
            _timer?.Cancel();
            (_asker, _timer) = (null, null);
            asker.Tell(JobsLeft.Instance, context.Self);
        }
    }

    internal sealed class SayAgain
    {
        public static SayAgain Instance { get; } = new();
    }
}

/// <summary>To a door of this process: the node is about to stop. Reply: <see cref="JobsLeft"/>, which the asker waits for no longer than it likes.</summary>
internal sealed class LeaveJobs
{
    public static LeaveJobs Instance { get; } = new();
}

/// <summary>No job has a part behind the door any more.</summary>
internal sealed class JobsLeft
{
    public static JobsLeft Instance { get; } = new();
}
