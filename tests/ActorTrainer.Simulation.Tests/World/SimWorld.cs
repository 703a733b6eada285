using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorTrainer.Data;
using ActorTrainer.Numerics;
using ActorTrainer.Training;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Simulation.Tests;

/// <summary>
/// A cluster in one thread and in virtual time (microseconds): processes with parties and tensors of their own, a
/// network that loses, repeats, reorders, delays and falls apart, and a database that survives every kill.
/// Everything that happens is a function of the schedule.
/// </summary>
internal sealed partial class SimWorld
{
    public const int TicksPerSecond = 50;
    private const long TickEvery = 1_000_000 / TicksPerSecond;
    private const int MaximumEvents = 1_000_000;

    /// <summary>After the last fault a run has this long to end.</summary>
    private const long TimeToEnd = 30_000_000;

    // A dozen workers and two lives of the job at once, each lane with its states of two streams, its
    // results, its sums and their copies on other nodes: far below what a leak of one buffer an item would come to.
    private const int MostPerLane = 40;

    public static readonly JobId Job = new("sim");

    private readonly PriorityQueue<Action, Due> _events = new();
    private readonly Action<string>? _trace;
    private readonly HashSet<long> _started = [];
    private long _order;
    private string? _fault;
    private JobRecord? _end;

    public SimWorld(Schedule schedule, PlantedBug? bug = null, Action<string>? trace = null)
    {
        (Schedule, Bug, _trace) = (schedule, bug, trace);
        Random = new Random(schedule.Number ^ 0x5EED);
        Shards = Run.Shards(Options.Shards);
        Patience = Random.Next(20_000, 80_000);
        (Oracle, Database, Membership, Compute, Work, Client) = (new(this), new(this), new(this), new(this), new(this), new(this));
        Submission = new JobFact.Submitted(
            Job,
            new JobSpec(Run.Recipe, new Placement("sim", Options.Workers, Options.Shards, Options.CheckpointInterval, ImmutableSortedDictionary<string, string>.Empty) { MinimumWorkers = Options.MinimumWorkers }),
            "recipe",
            ArithmeticVersion.Current,
            RunShape.Of(Run, Shards),
            DateTimeOffset.UnixEpoch);
    }

    public Schedule Schedule { get; }

    public Scenario Scenario => Schedule.Scenario;

    public SimOptions Options => Schedule.Options;

    public TrainingRun Run => Scenario.Run;

    public PlantedBug? Bug { get; }

    public ShardLayout Shards { get; }

    public Random Random { get; }

    public SimDatabase Database { get; }

    public SimOracle Oracle { get; }

    public SimCompute Compute { get; }

    public SimWork Work { get; }

    public SimMembership Membership { get; }

    public SimClient Client { get; }

    public JobFact.Submitted Submission { get; }

    /// <summary>How long the job waits for a node that it does not hear.</summary>
    public long Patience { get; }

    /// <summary>Most buffers held at once.</summary>
    public int MostLeased { get; private set; }

    public long Now { get; private set; }

    public bool IsTracing => _trace is not null;

    /// <summary>Nothing begins any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The life of the job that was started last.</summary>
    public Epoch NewestEpoch { get; private set; }

    public SimJob? TheJob { get; set; }

    /// <summary>Carries the schedule out; null if the run came to what it must, else what is wrong.</summary>
    public string? Simulate()
    {
        Membership.Start();
        for (var i = 0; i < Options.Workers; i++)
        {
            var node = i / Options.WorkersPerNode;
            Join(i % Options.WorkersPerNode > 0 ? Nodes[^1].Process : Options.Mixed && node < Options.Servers ? Processes[node] : null);
        }

        Client.Start();
        PlanFaults();
        ResumeIfPaused();
        for (var events = 0; _fault is null && !(_end is not null && Client.IsDone); events++)
        {
            if (!_events.TryPeek(out _, out var next) || next.Time > _hostileUntil + TimeToEnd || events > MaximumEvents)
            {
                return $"no progress: {Now / 1e6:F1} s, {events} events, the job is {TheJob?.Core.State} at {TheJob?.Core.Progress.Item} in {NewestEpoch}, led by {Membership.Leader?.Id}; {string.Join(' ', Processes)}";
            }

            Step();
            if ((events & 15) == 0)
            {
                MostLeased = Math.Max(MostLeased, Leased());
            }
        }

        return _fault ?? Judge();
    }

    public void After(long delay, Action action) => _events.Enqueue(action, new Due(Now + delay, _order++));

    public void Trace(string what) => _trace?.Invoke($"{Now / 1e6,10:F6} {what}");

    public void Fail(string fault)
    {
        _fault ??= $"{Now / 1e6:F3} s: {fault}";
        if (IsTracing)
        {
            Trace($"WRONG: {fault}");
        }
    }

    public T Begin<T>(T party)
        where T : SimParty
    {
        After(Random.Next((int)TickEvery), () => TickOf(party));
        return party;
    }

    /// <summary>A life of the job begins; of two that come late one after the other only the newer counts.</summary>
    public void Started(Effect.StartRun start)
    {
        if (!_started.Add(start.Epoch.Incarnation))
        {
            Fail($"incarnation {start.Epoch.Incarnation} started twice");
        }

        if (NewestEpoch.Incarnation > 0 && !start.Epoch.IsNewerThan(NewestEpoch))
        {
            Count("older incarnation starts after a newer one");
            return;
        }

        Work.Starts(start.Epoch, start.From);
        Oracle.StartFrom(start.From);
        NewestEpoch = start.Epoch;
    }

    /// <summary>A shard moved from one version to the next.</summary>
    public void Applied(SimShard shard, long before, long after)
    {
        if (after != before + 1)
        {
            Fail($"{shard.Name} went from version {before} to {after}");
        }

        if (shard.Epoch == NewestEpoch)
        {
            Oracle.Applied(shard.Index, before);
            Work.Applied(before);
        }
    }

    /// <summary>The final weights are put together from the last checkpoint.</summary>
    public void Publish(SimJob job, Effect.PublishModel publish) => After(Random.Next(1_000, 20_000), () => job.Process.Enter(() =>
    {
        if (!job.IsAlive)
        {
            return;
        }

        var weights = new float[Run.Layout.ParameterCount];
        foreach (var name in PartNames.All(Shards.Count).Where(name => name != PartNames.Lanes))
        {
            if (Database.Part(name, publish.Final) is not { } bytes)
            {
                job.Receive(null, new CheckpointUnreadable(publish.Epoch, name, "it is not what was stored"));
                return;
            }

            var part = ShardPart.Read(bytes);
            part.CopyWeights(bytes, weights.AsSpan(part.Range.First, part.Range.Count));
        }

        job.Receive(null, new ModelPublished(publish.Epoch, ContentHash.Sha256Of(MemoryMarshal.AsBytes(weights.AsSpan()))));
    }));

    /// <summary>The job's state changed; watchers know.</summary>
    public void Changed(SimJob job, JobState state)
    {
        switch (state)
        {
            case JobState.Completed or JobState.Cancelled:
                _end = job.Core.Record;
                break;
            case JobState.Failed:
                Fail($"the job failed: {job.Core.Record.Reason}");
                break;
        }
    }

    private void TickOf(SimParty party)
    {
        if (party.IsAlive && !IsOver)
        {
            party.Tick();
            After(TickEvery + Random.Next(-2_000, 2_000), () => TickOf(party));
        }
    }

    private void Step()
    {
        _events.TryDequeue(out var action, out var due);
        Now = due.Time;
        action!();
    }

    private int Leased() => _everyProcess.Sum(process => process.Tensors.LeasedBuffers);

    private string? Judge()
    {
        if ((Oracle.Judge(_end!) ?? Client.Judge()) is { } fault)
        {
            return fault;
        }

        // What is on its way is answered or dropped, then nobody may hold anything.
        for (var end = Now + 500_000; _events.TryPeek(out _, out var next) && next.Time < end;)
        {
            Step();
        }

        IsOver = true;
        foreach (var process in Processes.ToArray())
        {
            process.Kill();
        }

        while (_events.Count > 0)
        {
            Step();
        }

        return Leased() > 0 ? $"{Leased()} buffers leak"
            : MostLeased > MostPerLane * Run.Lanes.Lanes ? $"{MostLeased} buffers were held at once"
            : _fault;
    }

    private readonly record struct Due(long Time, long Order) : IComparable<Due>
    {
        public int CompareTo(Due other) => Time != other.Time ? Time.CompareTo(other.Time) : Order.CompareTo(other.Order);
    }
}
