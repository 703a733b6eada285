using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>
/// After the registry's start: the jobs that have not said yet how they are, and who asked for a list
/// meanwhile. A list that was made before would tell of no job what its journal says.
/// </summary>
/// <param name="answer">Answers with the list as it is by now.</param>
internal sealed class RollCall(Action<IActorRef, ListJobs> answer)
{
    /// <summary>Lists that wait; any more are answered at once.</summary>
    public const int MaximumWaiting = 64;

    /// <summary>For how long: a long journal must not keep all others from being listed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HashSet<JobId> _missing = [];
    private readonly Queue<(IActorRef Asker, ListJobs List)> _waiting = new();

    /// <summary>The job is being started.</summary>
    public void Expect(JobId job) => _missing.Add(job);

    /// <summary>Answers at once, or when all are there.</summary>
    public void Take(IActorRef asker, ListJobs list)
    {
        if (_missing.Count == 0 || _waiting.Count >= MaximumWaiting)
        {
            answer(asker, list);
        }
        else
        {
            _waiting.Enqueue((asker, list));
        }
    }

    /// <summary>The job has said how it is, or has broken and will not say so soon.</summary>
    public void Heard(JobId job)
    {
        if (_missing.Remove(job) && _missing.Count == 0)
        {
            End();
        }
    }

    /// <summary>Waits no longer, whoever is missing.</summary>
    public void End()
    {
        _missing.Clear();
        while (_waiting.TryDequeue(out var waiting))
        {
            answer(waiting.Asker, waiting.List);
        }
    }
}
