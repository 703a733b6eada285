using ActorTrainer.Training.Protocol;
using Akka.Actor;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>
/// The registry's children: one for each job that lives, started again after a growing pause if it
/// breaks, and for the last ones that ended, whose events somebody may still ask for.
/// </summary>
internal sealed class JobChildren(IActorContext context, Func<JobFact.Submitted, Props> props)
{
    /// <summary>Actors of ended jobs; any other is started when it is asked for.</summary>
    public const int MaximumEnded = 16;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);

    private readonly Dictionary<JobId, IActorRef> _children = [];
    private readonly Dictionary<JobId, (DateTime Started, TimeSpan Pause)> _lives = [];
    private readonly Queue<JobId> _ended = new();
    private int _started;

    /// <summary>All that live.</summary>
    public IEnumerable<IActorRef> Running => _children.Values;

    public IActorRef? Find(JobId job) => _children.GetValueOrDefault(job);

    /// <summary>The job's actor, started if there is none.</summary>
    public IActorRef Start(JobFact.Submitted submitted)
    {
        if (Find(submitted.Job) is { } running)
        {
            return running;
        }

        // Names are not used again: the last actor of the job may still be on its way out.
        var child = context.Watch(context.ActorOf(props(submitted), $"{submitted.Job}-{_started++}"));
        _children.Add(submitted.Job, child);
        var pause = _lives.TryGetValue(submitted.Job, out var life) ? life.Pause : ShortestPause;
        _lives[submitted.Job] = (DateTime.UtcNow, pause);
        return child;
    }

    /// <summary>A child has ended: if it was broken, <see cref="StartAgain"/> follows.</summary>
    /// <returns>The job whose actor broke; null: no actor is missed.</returns>
    public JobId? Ended(IActorRef child, ITimerScheduler timers)
    {
        foreach (var (job, running) in _children)
        {
            if (!running.Equals(child))
            {
                continue;
            }

            _children.Remove(job);
            var (started, pause) = _lives[job];
            pause = DateTime.UtcNow - started > Healthy ? ShortestPause : pause;
            _lives[job] = (started, new TimeSpan(Math.Min(2 * pause.Ticks, LongestPause.Ticks)));
            timers.StartSingleTimer(job, new StartAgain(job), pause);
            return job;
        }

        return null;
    }

    /// <summary>The job has ended; its actor stays for a while.</summary>
    public void JobEnded(JobId job)
    {
        if (!_ended.Contains(job))
        {
            _ended.Enqueue(job);
        }

        if (_ended.Count > MaximumEnded && _children.Remove(_ended.Dequeue(), out var oldest))
        {
            context.Unwatch(oldest);
            context.Stop(oldest);
        }
    }

    public sealed record StartAgain(JobId Job);
}
