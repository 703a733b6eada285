using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>Processes come and go.</summary>
internal sealed partial class SimWorld
{
    private readonly List<SimProcess> _everyProcess = [];
    private readonly List<SimRegistry> _everyRegistry = [];
    private readonly HashSet<string> _joined = new(StringComparer.Ordinal);
    private int _names;

    /// <summary>Those that live, servers first in the order of their hosts.</summary>
    public List<SimProcess> Processes { get; } = [];

    public SimProcess? Process(NodeId id) => Processes.Find(process => process.Id == id);

    /// <summary>Whether more than half of the servers hear this one, itself among them.</summary>
    public bool IsHeardByMost(SimProcess server) =>
        1 + Processes.Count(other => other != server && other is { IsServer: true, IsFrozen: false } && CanTalk(server, other)) > Options.Servers / 2;

    /// <summary>Where a job's process places shards: itself and the servers it does not know to be gone.</summary>
    public List<SimProcess> ServersSeenFrom(SimProcess process) =>
        [process, .. Processes.Where(other => other != process && other is { IsServer: true, IsRemoved: false, IsLeaving: false } && CanTalk(process, other))];

    public void StartServer(int host)
    {
        var server = new SimProcess(host, _names++, isServer: true);
        _everyProcess.Add(server);
        Processes.Insert(Processes.TakeWhile(other => other.IsServer && other.Host < host).Count(), server);
        if (Options.Mixed && Now > 0)
        {
            Join(server);
        }
    }

    /// <summary>The process ends, and a supervisor starts another in its place.</summary>
    public void End(SimProcess process)
    {
        if (!process.IsAlive)
        {
            return;
        }

        process.Kill();
        Processes.Remove(process);
        if (!IsOver)
        {
            After(Random.Next(50_000), () => StartAnew(process));
        }
    }

    /// <summary>The job is told of a worker.</summary>
    public void Joined(SimWorker worker)
    {
        if (!_joined.Add($"{TheJob?.Name} {worker.Name}"))
        {
            Count("worker comes back under its id");
        }
    }

    /// <summary>The run goes on, with new workers.</summary>
    public void TakePart(SimProcess process)
    {
        for (; process.Resting > 0; process.Resting--)
        {
            Join(process);
        }
    }

    public void Registered(SimRegistry registry) => _everyRegistry.Insert(0, registry);

    /// <summary>A worker more, in a process that is there or in one of its own.</summary>
    private void Join(SimProcess? process)
    {
        if (IsOver)
        {
            return;
        }

        if (process is null)
        {
            process = new SimProcess(Options.Servers + _names, _names++, isServer: false);
            _everyProcess.Add(process);
            Processes.Add(process);
        }

        var node = process.Node ?? new SimNode(this, process);
        _ = new SimWorker(this, node, new WorkerId($"worker-{_names++:d3}"));
    }

    private void StartAnew(SimProcess process)
    {
        if (IsOver)
        {
            return;
        }

        if (process.IsServer)
        {
            StartServer(process.Host);
        }
        else if (Workers.Count == 0 || Random.Next(3) > 0)
        {
            for (var i = Random.Next(1, 3); i > 0; i--)
            {
                Join(Random.Next(2) == 0 ? null : Nodes.FirstOrDefault(node => !node.Process.IsServer || Options.Mixed)?.Process);
            }
        }
    }

    /// <summary>
    /// Whoever runs the cluster sees to it that a job has the workers it needs: also when it says that it waits for
    /// some, as it takes none of a node that has computed wrongly.
    /// </summary>
    public void KeepMinimum()
    {
        var isShort = Processes.Sum(process => process.Resting) + Workers.Count < Options.MinimumWorkers;
        if ((isShort || (!IsHostile && TheJob is { IsAlive: true, Core.Reason.Length: > 0 })) && Random.Next(6) == 0)
        {
            Join(null);
        }
    }

    /// <summary>The process is told to end, and does so when nobody needs it any more, or after a while.</summary>
    private void Drain(SimProcess? process)
    {
        if (process is not { IsLeaving: false, IsRemoved: false })
        {
            return;
        }

        process.IsLeaving = true;
        if (Membership.Registry?.Job is { IsAlive: true } job)
        {
            if (job.Process == process)
            {
                job.Ask(() => job.Core.Drain(beginAgain: false));
            }
            else if (RunParties.Exists(party => party.Process == process))
            {
                job.Ask(() => job.Core.Drain(beginAgain: true));
            }
        }

        WaitToEnd(process, 30);
    }

    private void WaitToEnd(SimProcess process, int times) => After(10_000, () =>
    {
        var isNeeded = RunParties.Exists(party => party.Process == process && party.Epoch == NewestEpoch);
        if (times == 0 || !(isNeeded || process.IsFrozen))
        {
            Count(times > 0 ? "process left in peace" : "process left without having drained");
            End(process);
        }
        else if (process.IsAlive && !IsOver)
        {
            WaitToEnd(process, times - 1);
        }
    });

    /// <summary>Somebody has to be there in the end.</summary>
    private void EnsureWorkers() => After(Random.Next(100_000), () =>
    {
        if (Workers.Count == 0 || Random.Next(3) > 0)
        {
            Join(Random.Next(2) == 0 ? null : Nodes.FirstOrDefault()?.Process);
        }
    });
}
