using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>Who watches a job, and the last events for those who come back.</summary>
internal sealed class JobWatchers(IActorContext context)
{
    /// <summary>Watchers of one job.</summary>
    public const int MaximumWatchers = 64;

    /// <summary>Events that are kept for who resumes; older ones are gone, and the opening snapshot tells where the job is.</summary>
    public const int KeptEvents = 4096;

    private readonly HashSet<IActorRef> _watchers = [];
    private readonly Queue<JobEvent> _kept = new();
    private long _newest;

    /// <summary>Tells the job as it is, then what is kept of the events after the number; then what happens.</summary>
    public void Add(Watch watch, JobView view, bool hasEnded)
    {
        if (!_watchers.Contains(watch.Subscriber) && _watchers.Count >= MaximumWatchers)
        {
            watch.Subscriber.Tell(new Refused($"{MaximumWatchers} watch the job already, the most there may be; end one of them."), context.Self);
            return;
        }

        // It hides none of the events that follow it.
        watch.Subscriber.Tell(new JobEvent.Snapshot(watch.AfterSequence, view), context.Self);
        foreach (var happened in _kept.Where(happened => happened.Sequence > watch.AfterSequence))
        {
            watch.Subscriber.Tell(happened, context.Self);
        }

        if (hasEnded)
        {
            watch.Subscriber.Tell(new WatchEnded(view.Job), context.Self);
        }
        else if (_watchers.Add(watch.Subscriber))
        {
            context.Watch(watch.Subscriber);
        }
    }

    /// <summary>The subscriber has stopped.</summary>
    /// <returns>False if it was none.</returns>
    public bool Remove(IActorRef subscriber) => _watchers.Remove(subscriber);

    /// <summary>Keeps and tells an event; one that is not newer than all before was told then.</summary>
    public void Tell(JobEvent happened)
    {
        if (happened.Sequence <= _newest)
        {
            return;
        }

        _newest = happened.Sequence;
        _kept.Enqueue(happened);
        if (_kept.Count > KeptEvents)
        {
            _kept.Dequeue();
        }

        TellAll(happened);
    }

    /// <summary>The job is in a new state; at its end the watchers go.</summary>
    public void TellState(JobView view, bool hasEnded)
    {
        TellAll(new JobEvent.Snapshot(_newest, view));
        if (hasEnded)
        {
            TellAll(new WatchEnded(view.Job));
            foreach (var watcher in _watchers)
            {
                context.Unwatch(watcher);
            }

            _watchers.Clear();
        }
    }

    private void TellAll(object message)
    {
        foreach (var watcher in _watchers)
        {
            watcher.Tell(message, context.Self);
        }
    }
}
