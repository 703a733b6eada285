using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorTrainer.Data;
using ActorTrainer.Numerics;
using ActorTrainer.Training;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using ActorTrainer.Training.Tensors;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// A cluster in one thread and in virtual time (microseconds): parties, a network that loses, repeats,
/// reorders and delays, a journal and a store of checkpoint parts that survive every kill. Everything
/// that happens is a function of the seed.
/// </summary>
internal sealed partial class SimWorld
{
    public const int TicksPerSecond = 50;
    private const long Tick = 1_000_000 / TicksPerSecond;
    private const long Deadline = 300_000_000;
    private const int MaximumEvents = 2_000_000;

    // A dozen workers and two lives of the job at once, each lane with its states of two streams, its
    // results and its sums: far below what a leak of one buffer an item would come to.
    private const int MostPerLane = 20;

    public static readonly JobId Job = new("sim");

    private readonly PriorityQueue<Action, (long Time, long Order)> _events = new();
    private readonly LaneComputer _computer;
    private readonly SimOptions _options;
    private readonly Action<string>? _trace;
    private readonly List<SimRunParty> _runParties = [];
    private readonly List<SimNode> _nodes = [];
    private readonly SimOracle _oracle;
    private long _now;
    private long _order;
    private int _names;
    private Epoch _newest;
    private string? _fault;
    private string? _hash;
    private bool _isOver;

    public SimWorld(Scenario scenario, SimOptions options, int seed, Func<SimWorld, object, object>? mutant = null, Action<string>? trace = null)
    {
        (Scenario, Run, _options, _trace, _mutant) = (scenario, scenario.Run, options, trace, mutant);
        Random = new Random(seed);
        Shards = Run.Shards(options.Shards);
        _oracle = new SimOracle(scenario, Shards.Count);
        _computer = new LaneComputer(Run, Tensors, options.Width);
        _faultsLeft = options.Faults;
        Submission = new JobFact.Submitted(
            Job,
            new JobSpec(Run.Recipe, new Placement("sim", options.Workers, options.Shards, options.CheckpointInterval, ImmutableSortedDictionary<string, string>.Empty)),
            "recipe",
            ArithmeticVersion.Current,
            RunShape.Of(Run, Shards),
            DateTimeOffset.UnixEpoch);
    }

    public Scenario Scenario { get; }

    public TrainingRun Run { get; }

    public ShardLayout Shards { get; }

    public TensorStore Tensors { get; } = new(new NodeId("everywhere"));

    public Random Random { get; }

    public List<JobFact> Journal { get; } = [];

    public JobFact.Submitted Submission { get; }

    public int CheckpointInterval => _options.CheckpointInterval;

    /// <summary>Most buffers held at once.</summary>
    public int MostLeased { get; private set; }

    /// <summary>Virtual seconds.</summary>
    public double Seconds => _now / 1e6;

    /// <summary>The life of the job that was started last.</summary>
    public Epoch NewestEpoch => _newest;

    public SimJob? TheJob { get; private set; }

    /// <summary>Carries the schedule out; null if the run came to what it must, else what is wrong.</summary>
    public string? Simulate()
    {
        StartJob();
        for (var i = 0; i < _options.Workers; i++)
        {
            Join();
        }

        for (var events = 0; _fault is null && _hash is null; events++)
        {
            if (!_events.TryDequeue(out var action, out var at) || at.Time > Deadline || events > MaximumEvents)
            {
                return $"no progress: {Seconds:F1} s, {events} events, the job is {TheJob?.Core.State} at {TheJob?.Core.Progress}";
            }

            _now = at.Time;
            action();
            MostLeased = Math.Max(MostLeased, Tensors.LeasedBuffers);
            MayHappen();
        }

        return _fault ?? Judge();
    }

    public void After(long delay, Action action) => _events.Enqueue(action, (_now + delay, _order++));

    public void Trace(string what) => _trace?.Invoke($"{Seconds,10:F6} {what}");

    /// <summary>One message through the network, to one party or, where two claim the address, to either.</summary>
    public void Send(SimParty from, SimParty? sender, Party to, object message)
    {
        var copies = Random.NextDouble() < _options.Duplicate && IsHostile ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            if (IsHostile && Random.NextDouble() < _options.Drop)
            {
                Trace($"{from.Name} -> {to} lost: {message}");
                continue;
            }

            var delay = Random.NextDouble() < _options.Slow && IsHostile ? Random.Next(1_000, 300_000) : Random.Next(50, 400);
            After(delay, () => Resolve(sender, to, message)?.Deliver(from, _mutant?.Invoke(this, message) ?? message));
        }
    }

    /// <summary>Computes when the time is over, from what the leases hold then.</summary>
    public void Compute(SimWorker worker, ComputeOrder order) =>
        After(Random.Next(30) == 0 && IsHostile ? Random.Next(1_000, 400_000) : Random.Next(100, 3_000), () =>
        {
            if (worker.IsAlive)
            {
                worker.Deliver(null, MayBeWrong(_computer.Compute(order)));
            }
            else
            {
                order.Release();
            }
        });

    /// <summary>A shard moved from one version to the next.</summary>
    public void Applied(SimShard shard, int index, long before, long after)
    {
        if (after != before + 1)
        {
            Fail($"{shard.Name} went from version {before} to {after}");
        }

        if (shard.Epoch == _newest)
        {
            _oracle.Applied(index, before);
        }
    }

    /// <summary>The job asks its shell for something.</summary>
    public void Perform(SimJob job, Effect effect)
    {
        Trace($"job: {effect}");
        switch (effect)
        {
            case Effect.StartRun start:
                StartRun(start);
                break;
            case Effect.StopRun stop:
                StopRun(stop.Epoch);
                break;
            case Effect.PublishModel publish:
                After(Random.Next(1_000, 20_000), () => Publish(job, publish));
                break;
            case Effect.KeepCheckpoints keep:
                After(Random.Next(10_000), () => Keep(keep.Kept));
                break;
            case Effect.ItemsSeen seen:
                foreach (var fault in seen.Items.Select(_oracle.Remember).OfType<string>())
                {
                    Fail(fault);
                }

                break;
            case Effect.StateChanged changed:
                Changed(job, changed.State);
                break;
        }
    }

    public void Fail(string fault) => _fault ??= $"{Seconds:F3} s: {fault}";

    private SimParty? Resolve(SimParty? sender, Party to, object message)
    {
        switch (to.Kind)
        {
            case PartyKind.Sender:
                return sender;
            case PartyKind.Job:
                return TheJob;
            case PartyKind.Node:
                return _nodes.Find(node => node.Name == to.Name);
            case PartyKind.Worker:
                return _nodes.SelectMany(node => node.Workers).FirstOrDefault(worker => worker.Name == to.Name);
        }

        // The party of the message's own life while it is there; a newer one at its address otherwise.
        var name = to.Kind == PartyKind.Barrier ? "barrier/" : $"shard-{to.Index}/";
        var claim = _runParties.Where(party => party.IsAlive && party.Name.StartsWith(name, StringComparison.Ordinal)).ToArray();
        return claim.FirstOrDefault(party => party.Epoch == SimNetwork.EpochOf(message) && Random.Next(8) > 0) ?? claim.LastOrDefault();
    }

    private void TickOf(SimParty party)
    {
        party.Tick();
        if (party.IsAlive)
        {
            After(Tick + Random.Next(-2_000, 2_000), () => TickOf(party));
        }
    }

    private T Begin<T>(T party)
        where T : SimParty
    {
        After(Random.Next((int)Tick), () => TickOf(party));
        return party;
    }

    private void StartJob()
    {
        if (_isOver)
        {
            return;
        }

        TheJob = Begin(new SimJob(this));
        TheJob.Recover();
        After(Random.Next(200_000), ResumeIfPaused);
        foreach (var worker in _nodes.SelectMany(node => node.Workers).Where(worker => worker.IsAlive))
        {
            Announce(worker);
        }
    }

    private void Announce(SimWorker worker)
    {
        var job = TheJob;
        After(Random.Next(5_000), () =>
        {
            if (worker.IsAlive)
            {
                job?.Deliver(null, new WorkerJoined(worker.Id, worker.Node.Id));
            }
        });
    }

    private void StartRun(Effect.StartRun start)
    {
        if (!start.Epoch.IsNewerThan(_newest) && _newest.Incarnation > 0)
        {
            Fail($"incarnation {start.Epoch.Incarnation} started after {_newest.Incarnation}");
        }

        _newest = start.Epoch;
        _oracle.StartFrom(start.From);

        // The loser stops later than the winner starts, now and then.
        foreach (var old in _runParties.Where(party => party.IsAlive).ToArray())
        {
            After(Random.Next(4) == 0 && IsHostile ? Random.Next(500_000) : 0, old.Kill);
        }

        StartParty(new SimBarrier(this, start.Epoch), PartNames.Lanes, start.From);
        for (var shard = 0; shard < Shards.Count; shard++)
        {
            StartParty(new SimShard(this, start.Epoch, shard), PartNames.Shard(shard), start.From);
        }
    }

    private void StartParty(SimRunParty party, string part, Checkpoint? from)
    {
        _runParties.RemoveAll(old => !old.IsAlive);
        _runParties.Add(Begin(party));
        var job = TheJob;
        After(Random.Next(20_000), () =>
        {
            if (!party.IsAlive)
            {
                return;
            }

            if (from is null)
            {
                party.LoadInitial();
            }
            else if (Read(part, from) is { } bytes)
            {
                party.Load(bytes);
            }
            else
            {
                job?.Deliver(null, new CheckpointUnreadable(party.Epoch, part, "it is not what was stored"));
            }
        });
    }

    private void StopRun(Epoch epoch)
    {
        foreach (var party in _runParties.Where(party => party.Epoch == epoch).ToArray())
        {
            After(Random.Next(5_000), party.Kill);
        }

        foreach (var node in _nodes)
        {
            After(Random.Next(5_000), node.Forget);
            foreach (var worker in node.Workers)
            {
                After(Random.Next(5_000), worker.Forget);
            }
        }
    }

    private void Publish(SimJob job, Effect.PublishModel publish)
    {
        if (!job.IsAlive)
        {
            return;
        }

        var weights = new float[Run.Layout.ParameterCount];
        for (var shard = 0; shard < Shards.Count; shard++)
        {
            if (Read(PartNames.Shard(shard), publish.Final) is not { } bytes)
            {
                Fail($"part {shard} of the final checkpoint is lost");
                return;
            }

            var part = ShardPart.Read(bytes);
            part.CopyWeights(bytes, weights.AsSpan(part.Range.First, part.Range.Count));
        }

        job.Deliver(null, new ModelPublished(publish.Epoch, ContentHash.Sha256Of(MemoryMarshal.AsBytes(weights.AsSpan()))));
    }

    private void Changed(SimJob job, JobState state)
    {
        switch (state)
        {
            case JobState.Completed:
                _hash = job.Core.Record.WeightsSha256;
                break;
            case JobState.Failed:
                Fail($"the job failed: {job.Core.Record.Reason}");
                break;
            case JobState.Paused:
                After(Random.Next(200_000), ResumeIfPaused);
                break;
        }
    }

    private string? Judge()
    {
        if (_oracle.Judge(_hash) is { } fault)
        {
            return fault;
        }

        // What is on its way is answered or dropped, then nobody may hold anything.
        for (var end = _now + 1_000_000; _events.TryDequeue(out var action, out var at) && at.Time < end;)
        {
            _now = at.Time;
            action();
        }

        KillAll();
        _isOver = true;
        while (_events.TryDequeue(out var action, out _))
        {
            action();
        }

        _computer.Dispose();
        return Tensors.LeasedBuffers > 0 ? $"{Tensors.LeasedBuffers} buffers leak"
            : MostLeased > MostPerLane * Run.Lanes.Lanes ? $"{MostLeased} buffers were held at once"
            : null;
    }
}
