using System.Collections.Immutable;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>A client submits a job under a request id, again and again until it hears <see cref="SimAcknowledged"/>.</summary>
internal sealed record SimSubmit(string RequestId);

/// <summary>The request's job is stored.</summary>
internal sealed record SimAcknowledged(string RequestId, JobId Job);

/// <summary>A submission and its request id, which are one event.</summary>
internal sealed record SimRegistered(string RequestId, JobId Job);

/// <summary>
/// Takes jobs, once for every request id, and has them run: the first of them for real. It is the fold of its
/// facts, and says nothing that is not stored.
/// </summary>
internal sealed class SimRegistry(SimWorld world, SimProcess process) : SimPersistent(world, process, Role.Registry, $"registry@{process.Id}", Journal)
{
    public const string Journal = "registry";

    private readonly Dictionary<string, JobId> _jobs = new(StringComparer.Ordinal);

    /// <summary>The job that trains, as this process has it.</summary>
    public SimJob? Job { get; private set; }

    protected override void Recovered(ImmutableArray<object> facts)
    {
        foreach (var fact in facts.Cast<SimRegistered>())
        {
            Add(fact);
        }
    }

    protected override void Handle(SimParty? sender, object message)
    {
        if (message is not SimSubmit submit)
        {
            return;
        }

        if (_jobs.TryGetValue(submit.RequestId, out var known) && World.Bug is not { ForgetsRequests: true })
        {
            Acknowledge(submit.RequestId, known);
            return;
        }

        var registered = new SimRegistered(submit.RequestId, _jobs.Count == 0 ? SimWorld.Job : new JobId($"job-{_jobs.Count}"));
        Persist(registered, () =>
        {
            Add(registered);
            Acknowledge(registered.RequestId, registered.Job);
        });
    }

    protected override void OnTick()
    {
        // A job's actor that broke is started again, after a while.
        if (Job is { IsAlive: false } && World.Random.Next(2) == 0)
        {
            StartJob();
        }
    }

    protected override void OnEffect(Effect effect) => throw new NotSupportedException(effect.ToString());

    protected override void OnEnd()
    {
        base.OnEnd();
        Job?.Kill();
    }

    private void Acknowledge(string requestId, JobId job) =>
        ((IOutbox)this).Send(Party.Sender, new SimAcknowledged(requestId, job));

    private void Add(SimRegistered fact)
    {
        _jobs[fact.RequestId] = fact.Job;
        if (fact.Job == SimWorld.Job && Job is null)
        {
            StartJob();
        }
    }

    private void StartJob()
    {
        Job = new SimJob(World, Process);
        World.Begin(Job).Recover();
    }
}
