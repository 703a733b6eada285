using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>Who asked for a job to be paused, resumed or cancelled, and hears when it is durable.</summary>
internal sealed class JobWaiters(IActorRef self)
{
    /// <summary>Of one job.</summary>
    public const int Maximum = 64;

    private readonly List<(IActorRef Asker, Func<JobState, bool> IsDone)> _waiting = [];

    /// <param name="refusal">Why it cannot be; null if it was asked for.</param>
    public void Add(IActorRef asker, string? refusal, Func<JobState, bool> isDone, Func<JobView> view)
    {
        if (refusal is not null)
        {
            asker.Tell(new Refused(Sentence.Of(refusal)), self);
        }
        else if (isDone(view().State))
        {
            asker.Tell(view(), self);
        }
        else if (_waiting.Count >= Maximum)
        {
            asker.Tell(new Refused($"{Maximum} requests wait for this job already; it will be as they ask."), self);
        }
        else
        {
            _waiting.Add((asker, isDone));
        }
    }

    public void Tell(JobView view)
    {
        foreach (var (asker, _) in _waiting.Where(waiting => waiting.IsDone(view.State)))
        {
            asker.Tell(view, self);
        }

        _waiting.RemoveAll(waiting => waiting.IsDone(view.State));
    }
}
