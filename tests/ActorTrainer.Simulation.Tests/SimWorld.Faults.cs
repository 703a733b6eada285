using System.Collections.Immutable;
using ActorTrainer.Data;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>What goes wrong, and what survives it.</summary>
internal sealed partial class SimWorld
{
    private readonly Dictionary<(string Part, long Incarnation, long Item), byte[]> _stored = [];
    private readonly Func<SimWorld, object, object>? _mutant;
    private readonly HashSet<(long Incarnation, long Item)> _wrong = [];
    private int _faultsLeft;
    private long _nextFault;

    /// <summary>How often each kind of fault happened.</summary>
    public Dictionary<string, int> Happened { get; } = [];

    /// <summary>Once the faults are over the network is good, so that a run that does not end is found out.</summary>
    private bool IsHostile => _faultsLeft > 0 || _now < 200_000;

    /// <summary>P1: the fact is stored and the job dies before it acts.</summary>
    public bool MayCrashAfterStoring()
    {
        if (_faultsLeft <= 0 || Random.Next(12) > 0)
        {
            return false;
        }

        _faultsLeft--;
        Count("crash after storing");
        KillJob();
        return true;
    }

    /// <summary>A part of a checkpoint on its way to the disk: what is stored is what the buffer holds in the end.</summary>
    public void Store(SimRunParty party, Effect.SavePart save) => After(Random.Next(500, 60_000), () =>
    {
        if (!party.IsAlive && Random.Next(2) == 0)
        {
            return;
        }

        if (IsHostile && Random.Next(15) == 0)
        {
            Count("part not stored");
            party.Deliver(null, new PartNotStored(save.Epoch, save.Item, "the disk is full"));
            return;
        }

        var bytes = save.Content.ToArray();
        _stored[(save.Part, save.Epoch.Incarnation, save.Item)] = bytes;
        party.Deliver(null, new PartStored(save.Epoch, save.Item, ContentHash.Sha256Of(bytes)));
    });

    /// <summary>P11: once for an item of a life of the job, a gradient is not finite though it should be.</summary>
    private Computed MayBeWrong(Computed computed)
    {
        var (epoch, item) = (computed.Order.Epoch, computed.Order.Item);
        if (_faultsLeft <= 0 || computed.Gradients.IsEmpty || Random.Next(60) > 0 || !_wrong.Add((epoch.Incarnation, item.Number)))
        {
            return computed;
        }

        Count("wrong gradient");
        var gradient = computed.Gradients[Random.Next(computed.Gradients.Length)].Values;
        gradient[Random.Next(gradient.Length)] = Random.Next(2) == 0 ? float.NaN : float.NegativeInfinity;
        return computed;
    }

    private byte[]? Read(string part, Checkpoint checkpoint)
    {
        var expected = checkpoint.Parts.Single(hash => hash.Part == part).Sha256;
        return _stored.TryGetValue((part, checkpoint.Incarnation, checkpoint.Item), out var bytes) && ContentHash.Sha256Of(bytes) == expected
            ? bytes
            : null;
    }

    private void Keep(ImmutableArray<Checkpoint> kept)
    {
        var newest = kept.IsEmpty ? (long.MaxValue, long.MaxValue) : (kept[^1].Incarnation, kept[^1].Item);
        foreach (var key in _stored.Keys.ToArray())
        {
            if ((key.Incarnation, key.Item).CompareTo(newest) <= 0
                && !kept.Any(checkpoint => (checkpoint.Incarnation, checkpoint.Item) == (key.Incarnation, key.Item)))
            {
                _stored.Remove(key);
            }
        }
    }

    /// <summary>Between any two events a fault may happen.</summary>
    private void MayHappen()
    {
        if (_faultsLeft <= 0 || _now < _nextFault)
        {
            return;
        }

        _nextFault = _now + (long)(-Math.Log(1 - Random.NextDouble()) * 60_000);
        if (_now == 0)
        {
            return;
        }

        _faultsLeft--;
        switch (Random.Next(10))
        {
            case 0 or 1:
                Count("kill worker");
                KillWorker();
                break;
            case 2:
                Count("kill node");
                KillNode();
                break;
            case 3:
                Count("kill shard");
                KillRunParty("shard");
                break;
            case 4:
                Count("kill barrier");
                KillRunParty("barrier");
                break;
            case 5:
                Count("kill job");
                KillJob();
                break;
            case 6:
                Count("kill process");
                KillAll();
                After(Random.Next(50_000), RestartAll);
                break;
            case 7:
                Count("join");
                Join();
                break;
            case 8:
                Count("pause");
                TheJob?.Call(() => TheJob?.Core.Pause());
                break;
            case 9:
                Count("damage");
                DamageCheckpoint();
                break;
        }
    }

    private void Count(string kind)
    {
        Trace($"-- {kind}");
        Happened[kind] = Happened.GetValueOrDefault(kind) + 1;
    }

    private void Join()
    {
        if (_isOver)
        {
            return;
        }

        var node = Random.Next(2) == 0 && _nodes.Count > 0
            ? _nodes[Random.Next(_nodes.Count)]
            : null;
        if (node is null)
        {
            node = Begin(new SimNode(this, new NodeId($"node-{_names++}")));
            _nodes.Add(node);
        }

        var worker = Begin(new SimWorker(this, new WorkerId($"worker-{_names++}"), node));
        node.Workers.Add(worker);
        Announce(worker);
    }

    private void KillWorker()
    {
        var workers = _nodes.SelectMany(node => node.Workers).ToArray();
        if (workers.Length > 0)
        {
            Kill(workers[Random.Next(workers.Length)]);
            EnsureWorkers();
        }
    }

    private void Kill(SimWorker worker)
    {
        worker.Kill();
        worker.Node.Workers.Remove(worker);
        worker.Node.Deliver(null, new WorkerLost(worker.Id));
        After(Random.Next(100_000), () => TheJob?.Deliver(null, new WorkerLost(worker.Id)));
    }

    private void KillNode()
    {
        if (_nodes.Count > 0)
        {
            Kill(_nodes[Random.Next(_nodes.Count)]);
            EnsureWorkers();
        }
    }

    private void Kill(SimNode node)
    {
        foreach (var worker in node.Workers.ToArray())
        {
            Kill(worker);
        }

        node.Kill();
        _nodes.Remove(node);
        After(Random.Next(100_000), () =>
        {
            foreach (var shard in _runParties.OfType<SimShard>().ToArray())
            {
                shard.Deliver(null, new WeightsProtocol.NodeLost(node.Id));
            }
        });
    }

    private void EnsureWorkers() => After(Random.Next(150_000), () =>
    {
        if (_nodes.Sum(node => node.Workers.Count) == 0 || Random.Next(3) > 0)
        {
            Join();
        }
    });

    private void KillRunParty(string kind)
    {
        var parties = _runParties.Where(party => party.IsAlive && party.Name.StartsWith(kind, StringComparison.Ordinal)).ToArray();
        if (parties.Length == 0)
        {
            return;
        }

        var victim = parties[Random.Next(parties.Length)];
        victim.Kill();
        var job = TheJob;
        After(Random.Next(30_000), () => job?.Deliver(null, new PartyLost(victim.Epoch, $"{victim.Name} is gone")));
    }

    /// <summary>The job dies, and its children with it, though not always at once.</summary>
    private void KillJob()
    {
        if (TheJob is not { IsAlive: true } job)
        {
            return;
        }

        job.Kill();
        foreach (var party in _runParties.ToArray())
        {
            After(Random.Next(3) == 0 ? Random.Next(300_000) : 0, party.Kill);
        }

        After(Random.Next(50_000), () =>
        {
            if (TheJob == job)
            {
                StartJob();
            }
        });
    }

    private void KillAll()
    {
        TheJob?.Kill();
        foreach (var party in _runParties.ToArray())
        {
            party.Kill();
        }

        foreach (var node in _nodes)
        {
            foreach (var worker in node.Workers)
            {
                worker.Kill();
            }

            node.Kill();
        }

        _nodes.Clear();
    }

    private void RestartAll()
    {
        if (TheJob is not { IsAlive: true })
        {
            StartJob();
        }

        for (var i = Random.Next(1, 4); i > 0; i--)
        {
            Join();
        }
    }

    /// <summary>One part of the newest recorded checkpoint becomes unreadable; the one before it is good.</summary>
    private void DamageCheckpoint()
    {
        if (TheJob?.Core.Record is not { Recorded.Length: 2 } record || record.Recorded[1].Item >= Run.Plan.ItemOfStep(Run.Plan.Steps - 1))
        {
            return;
        }

        var key = (PartNames.All(Shards.Count).ElementAt(Random.Next(Shards.Count + 1)), record.Recorded[1].Incarnation, record.Recorded[1].Item);
        if (_stored.TryGetValue(key, out var bytes))
        {
            bytes[Random.Next(bytes.Length)] ^= 0x10;
        }
    }

    private void ResumeIfPaused() => TheJob?.Call(() =>
    {
        if (TheJob is { } job && job.Core.Record.State == JobState.Paused)
        {
            Count("resume");
            job.Core.Resume();
        }
    });
}
