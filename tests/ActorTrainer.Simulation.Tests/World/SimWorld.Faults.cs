using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>What goes wrong, when it is to.</summary>
internal sealed partial class SimWorld
{
    /// <summary>The network is bad until the points of the schedule are met, but no longer.</summary>
    private const long MostHostile = 1_500_000;
    private const long LeastHostile = 150_000;

    private readonly List<PendingKill> _points = [];
    private int _pending;
    private long _hostileUntil = LeastHostile;

    /// <summary>How often each kind of thing happened.</summary>
    public Dictionary<string, int> Happened { get; } = new(StringComparer.Ordinal);

    /// <summary>The points at which a party was killed.</summary>
    public List<KillPoint> Met { get; } = [];

    /// <summary>What parties were seen to do.</summary>
    public HashSet<(Role Role, Act Act, Type Kind)> Seen { get; } = [];

    /// <summary>Gradients that are still to come out wrong.</summary>
    public int WrongGradients { get; set; }

    /// <summary>Once the faults are over the network is good, so that a run that does not end is found out.</summary>
    public bool IsHostile => Now < _hostileUntil || (_pending > 0 && Now < MostHostile);

    public void Count(string kind)
    {
        if (IsTracing)
        {
            Trace($"-- {kind}");
        }

        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(Happened, kind, out _)++;
    }

    /// <summary>How long something outlives the life it belongs to: not at all, mostly.</summary>
    public long LingersFor(int one) => Options.Linger && IsHostile ? Random.Next(500_000) : Options.Drop > 0 && IsHostile && Random.Next(one) == 0 ? Random.Next(300_000) : 0;

    /// <summary>Whether a party is to be killed right here.</summary>
    public bool Meets(SimParty party, Act act, Type kind, Moment moment)
    {
        if (moment == Moment.Before)
        {
            Seen.Add((party.Role, act, kind));
        }

        if (_pending == 0)
        {
            return false;
        }

        foreach (var pending in _points)
        {
            if (!pending.IsMet && pending.Point.Role == party.Role && pending.Point.Act == act && pending.Point.Kind == kind
                && pending.Point.Moment == moment && ++pending.Times == pending.Fault.Occurrence)
            {
                pending.IsMet = true;
                _pending--;
                Met.Add(pending.Point);
                _hostileUntil = Math.Max(_hostileUntil, Now + 50_000);
                _killing = pending.Fault;
                return true;
            }
        }

        return false;
    }

    /// <summary>A point was met: its party is killed, or its whole process.</summary>
    public void KillAt(SimParty party)
    {
        var isWhole = _killing is { Seed: var seed } && seed % 3 == 0;
        if (IsTracing)
        {
            Trace($"-- {_killing} {(isWhole ? "with its process" : "")}");
        }

        _killing = null;
        if (isWhole)
        {
            Count($"process of a {party.Role} killed at a point");
            End(party.Process);
        }
        else
        {
            Count($"{party.Role} killed at a point");
            party.Kill();
        }

        EnsureWorkers();
    }

    private Fault? _killing;

    private void PlanFaults()
    {
        foreach (var fault in Schedule.Faults)
        {
            if (fault.Kind == FaultKind.KillAtPoint)
            {
                _points.Add(new PendingKill(fault));
                _pending++;
            }
            else
            {
                _hostileUntil = Math.Max(_hostileUntil, fault.At + fault.Duration + 20_000);
                After(fault.At, () => Happen(fault));
            }
        }
    }

    private void Happen(Fault fault)
    {
        if (IsOver || _end is not null)
        {
            return;
        }

        if ((fault.Seed == KillCircumstances.FreezesWorker && Work.Committed < 7)
            || (fault.Seed == KillCircumstances.TearsAndRestarts && TheJob?.Core.Record.Newest is null))
        {
            After(2_000, () => Happen(fault));
            return;
        }

        Count(fault.Kind.ToString());
        var random = new Random(fault.Seed ^ (int)fault.At);
        switch (fault.Kind)
        {
            case FaultKind.KillWorker:
                Pick(Workers.Values, random)?.Kill();
                EnsureWorkers();
                break;
            case FaultKind.KillWorkerNode:
                Kill(Pick(Nodes.Select(node => node.Process), random));
                EnsureWorkers();
                break;
            case FaultKind.KillShard:
                Pick(RunParties.OfType<SimShard>(), random)?.Kill();
                break;
            case FaultKind.KillBarrier:
                Pick(RunParties.OfType<SimBarrier>(), random)?.Kill();
                break;
            case FaultKind.KillJob:
                TheJob?.Kill();
                break;
            case FaultKind.KillRegistry:
                Membership.Registry?.Kill();
                break;
            case FaultKind.KillServer:
                Kill(Pick(Processes.Where(process => process.IsServer), random));
                EnsureWorkers();
                break;
            case FaultKind.KillAll:
                Processes.ToList().ForEach(Kill);
                EnsureWorkers();
                break;
            case FaultKind.DrainServer:
                Drain(Pick(Processes.Where(process => process.IsServer), random));
                break;
            case FaultKind.DrainWorkers:
                Drain(Pick(Processes.Where(process => !process.IsServer), random));
                EnsureWorkers();
                break;
            case FaultKind.Join:
                Join(random.Next(2) == 0 ? null : Pick(Nodes, random)?.Process);
                break;
            case FaultKind.FreezeProcess:
                Freeze(fault.Seed == KillCircumstances.FreezesLeader ? Membership.Leader : Pick(Processes, random), fault.Duration);
                break;
            case FaultKind.FreezeParty:
                Freeze(fault.Seed == KillCircumstances.FreezesWorker ? Workers.Values.FirstOrDefault() : Pick(Processes.SelectMany(process => process.Parties), random), fault.Duration);
                break;
            case FaultKind.Partition or FaultKind.OneWayPartition:
                var cut = new Cut(fault.Seed, fault.Kind == FaultKind.OneWayPartition);
                _cuts.Add(cut);
                After(fault.Duration, () => _cuts.Remove(cut));
                break;
            case FaultKind.TearPart:
                if (TheJob?.Core.Record.Newest is { } newest)
                {
                    Database.Tear(newest, random);
                    if (fault.Seed == KillCircumstances.TearsAndRestarts)
                    {
                        RunParties.OfType<SimBarrier>().LastOrDefault()?.Kill();
                    }
                }

                break;
            case FaultKind.PersistFails:
                Database.FailFact(random.Next(2) == 0);
                break;
            case FaultKind.SaveFails:
                Database.FailPart();
                break;
            case FaultKind.StoreSilent:
                Database.BeSilent(fault.Duration);
                break;
            case FaultKind.StoreSlow:
                Database.BeSlow(fault.Duration);
                break;
            case FaultKind.WrongGradient:
                WrongGradients++;
                break;
            case FaultKind.Pause:
                TheJob?.Ask(() => TheJob?.Core.Pause());
                break;
            case FaultKind.Cancel:
                TheJob?.Ask(() => TheJob?.Core.Cancel());
                break;
        }
    }

    private void Kill(SimProcess? process)
    {
        if (process is not null)
        {
            End(process);
        }
    }

    private void Freeze(SimProcess? process, long duration)
    {
        if (process is { IsFrozen: false })
        {
            process.Freeze();
            After(duration, process.Thaw);
        }
    }

    private void Freeze(SimParty? party, long duration)
    {
        if (party is { IsFrozen: false })
        {
            party.Freeze();
            After(duration, party.Thaw);
        }
    }

    private static T? Pick<T>(IEnumerable<T> among, Random random)
        where T : class
    {
        var all = among.ToArray();
        return all.Length == 0 ? null : all[random.Next(all.Length)];
    }

    /// <summary>The client lets a job that rests go on, as often as it sees it rest.</summary>
    private void ResumeIfPaused()
    {
        if (IsOver)
        {
            return;
        }

        if (Membership.Registry?.Job is { IsAlive: true, Core.Record.State: JobState.Paused } job)
        {
            job.Ask(() =>
            {
                Count("resume");
                job.Core.Resume();
            });
        }

        After(Random.Next(50_000, 250_000), ResumeIfPaused);
    }

    private sealed class PendingKill(Fault fault)
    {
        public Fault Fault { get; } = fault;

        public KillPoint Point { get; } = fault.Point!.Value;

        public int Times { get; set; }

        public bool IsMet { get; set; }
    }
}
