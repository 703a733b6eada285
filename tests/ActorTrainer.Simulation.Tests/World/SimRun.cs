using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.WeightsProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// The run of a job as its actor sees it: the barrier beside it, shards on the servers that it believes in, and the
/// workers of the nodes that it hears. What it hears of nobody for a while is lost to it, dead or not.
/// </summary>
internal sealed class SimRun(SimWorld world, SimJob job)
{
    private const long PollEvery = 10_000;
    private const long PatienceWithHolding = 300_000;

    private readonly SortedDictionary<string, SimWorker> _told = new(StringComparer.Ordinal);
    private readonly Dictionary<SimProcess, long> _heard = [];
    private readonly List<SimRunParty> _parties = [];
    private readonly List<SimProcess> _nodes = [];
    private Epoch _epoch;
    private bool _isLost;

    public bool IsStarted { get; private set; }

    /// <summary>Ends what runs of an older incarnation, as far as it can be reached, and begins this one.</summary>
    public void Start(Effect.StartRun start)
    {
        (_epoch, IsStarted, _isLost) = (start.Epoch, true, false);
        world.Started(start);
        StopOthers(start.Epoch);
        _parties.Clear();
        _parties.Add(new SimBarrier(world, job.Process, job, start.Epoch, start.From));
        var servers = world.ServersSeenFrom(job.Process);
        for (var shard = 0; shard < world.Shards.Count; shard++)
        {
            var (index, server) = (shard, servers[shard % servers.Count]);
            world.After(world.Random.Next(2_000), () => Hold(start, index, server, world.Now));
        }
    }

    /// <summary>Ends everything; the workers are let go.</summary>
    public void Stop(Epoch epoch)
    {
        IsStarted = false;
        foreach (var party in world.RunParties.Where(party => party.Epoch == epoch).ToArray())
        {
            world.After(world.Random.Next(5_000), () => StopIfReached(party));
        }

        foreach (var node in world.Nodes.ToArray())
        {
            world.After(world.Random.Next(5_000), () =>
            {
                if (!IsStarted && world.CanTalk(job.Process, node.Process))
                {
                    node.Process.Enter(node.Leave);
                }
            });
        }
    }

    /// <summary>The job's actor is gone, and its children with it, though not always at once.</summary>
    public void JobEnds()
    {
        foreach (var party in _parties)
        {
            if (party.Process == job.Process)
            {
                world.After(world.LingersFor(3), party.Kill);
            }
            else
            {
                world.After(world.LingersFor(3) + 500, () => StopIfReached(party));
            }
        }
    }

    /// <summary>Looks who is heard, and tells the job who has come and gone.</summary>
    public void Poll()
    {
        if (!job.IsAlive || world.IsOver)
        {
            return;
        }

        if (!job.Process.IsFrozen && !job.IsFrozen)
        {
            TellWorkers();
            TellLostParties();
        }

        world.After(PollEvery, Poll);
    }

    private void TellWorkers()
    {
        foreach (var process in world.Processes)
        {
            if (world.CanTalk(job.Process, process) && !process.IsFrozen && (!process.IsLeaving || process.IsServer))
            {
                _heard[process] = world.Now;
            }
        }

        foreach (var worker in _told.Values.ToArray())
        {
            if (!IsStarted || !Hears(worker.Process) || (!worker.IsAlive && !worker.Process.IsFrozen))
            {
                if (worker.IsAlive && IsStarted)
                {
                    world.Count("lost worker is alive");
                }

                _told.Remove(worker.Name);
                job.Receive(null, new WorkerLost(worker.Id));
            }
        }

        foreach (var node in _nodes.Where(node => !Hears(node)).ToArray())
        {
            _nodes.Remove(node);
            foreach (var shard in _parties.OfType<SimShard>())
            {
                world.After(world.Random.Next(2_000), () => shard.Receive(null, new NodeLost(node.Id)));
            }
        }

        foreach (var process in world.Processes.Where(process => IsStarted && process.Resting > 0 && Hears(process) && !process.IsFrozen).ToArray())
        {
            world.TakePart(process);
        }

        foreach (var worker in world.Workers.Values.Where(worker => IsStarted && Hears(worker.Process) && !worker.Process.IsFrozen && !_told.ContainsKey(worker.Name)).ToArray())
        {
            world.Joined(worker);
            _told.Add(worker.Name, worker);
            if (!_nodes.Contains(worker.Process))
            {
                _nodes.Add(worker.Process);
            }

            job.Receive(null, new WorkerJoined(worker.Id, worker.Node.Process.Id));
        }
    }

    private void TellLostParties()
    {
        if (!IsStarted || _isLost)
        {
            return;
        }

        var lost = _parties.Find(party => !party.IsAlive || !Hears(party.Process));
        if (lost is not null)
        {
            Lose($"{lost.Name} is gone");
        }
    }

    private bool Hears(SimProcess process) => world.Now - _heard.GetValueOrDefault(process, -1_000_000) <= world.Patience;

    private void Lose(string reason)
    {
        if (!_isLost && IsStarted && job.IsAlive)
        {
            _isLost = true;
            job.Receive(null, new PartyLost(_epoch, reason));
        }
    }

    /// <summary>Asks a server to hold a shard, until it does or is given up.</summary>
    private void Hold(Effect.StartRun start, int index, SimProcess server, long since)
    {
        if (!job.IsAlive || _epoch != start.Epoch || !IsStarted || _parties.Exists(party => party is SimShard && party.Index == index))
        {
            return;
        }

        if (world.Now - since > PatienceWithHolding)
        {
            world.Count("server does not answer when asked to hold a shard");
            Lose($"{server.Id} does not answer");
            return;
        }

        if (world.CanTalk(job.Process, server))
        {
            server.Enter(() => Start(start, index, server));
        }

        world.After(PollEvery, () => Hold(start, index, server, since));
    }

    private void Start(Effect.StartRun start, int index, SimProcess server)
    {
        var isHeld = server.Parties.OfType<SimShard>().Any(shard => shard.Index == index && !start.Epoch.IsNewerThan(shard.Epoch));
        if (server.IsAlive && !world.IsOver && !isHeld)
        {
            var shard = new SimShard(world, server, job, start.Epoch, index, start.From);
            if (_epoch == start.Epoch)
            {
                _parties.Add(shard);
            }
        }
    }

    private void StopOthers(Epoch epoch)
    {
        // The loser stops later than the winner starts, now and then.
        foreach (var old in world.RunParties.Where(party => epoch.IsNewerThan(party.Epoch)).ToArray())
        {
            world.After(world.LingersFor(4), () => StopIfReached(old));
        }
    }

    private void StopIfReached(SimRunParty party)
    {
        if (world.CanTalk(job.Process, party.Process))
        {
            party.Process.Enter(party.Kill);
        }
        else
        {
            world.Count("party of an older incarnation is not reached");
        }
    }
}
