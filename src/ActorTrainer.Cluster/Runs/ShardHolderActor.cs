using System.Diagnostics;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Event;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// The shards of one incarnation of a job on this server: its data, opened once, and a
/// <see cref="ParameterShardActor"/> for each. Opening → Holding. All end together: with one that breaks,
/// with the job's actor, or when the job has not asked for them for a while.
/// </summary>
internal sealed class ShardHolderActor : ReceiveActor, IWithTimers
{
    /// <summary>A job asks again every few seconds; one that does not wants them no more, or is elsewhere by now.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Epoch _epoch;
    private readonly HoldShards _first;
    private readonly RunServices _services;
    private readonly IActorRef _job;
    private readonly SortedDictionary<int, IActorRef> _shards = [];
    private readonly SortedDictionary<int, ShardToHold> _asked = [];
    private long _heard = Stopwatch.GetTimestamp();

    public ShardHolderActor(HoldShards hold, RunServices services, IActorRef job)
    {
        (_epoch, _first, _services, _job) = (hold.Epoch, hold, services, job);
        Context.Watch(job);
        Opening();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(HoldShards hold, RunServices services, IActorRef job) =>
        Akka.Actor.Props.Create(() => new ShardHolderActor(hold, services, job));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Silence), new Silence(), TimeSpan.FromSeconds(5));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        cause =>
        {
            Context.GetLogger().Warning(cause, "Job {0}: a shard broke", _epoch.Job);
            Refuse($"a shard broke: {cause.GetBaseException().Message}");
            return Directive.Stop;
        },
        loggingEnabled: false);

    private void Opening()
    {
        _services.Runs.OpenAsync(_first.Spec.Recipe).PipeTo(Self, success: run => run, failure: cause => new Status.Failure(cause));

        Receive<TrainingRun>(run => Become(() => Holding(run)));
        Receive<Status.Failure>(failed =>
        {
            Refuse(failed.Cause.GetBaseException().Message);
            Context.Stop(Self);
        });
        Receive<HoldShards>(Note);
        ReceiveEnds();
    }

    private void Holding(TrainingRun run)
    {
        var layout = run.Shards(_first.Spec.Placement.ParameterShards);
        StartShards();

        Receive<HoldShards>(hold =>
        {
            Note(hold);
            StartShards();
        });
        ReceiveEnds();

        void StartShards()
        {
            foreach (var (index, shard) in _asked)
            {
                if (!_shards.ContainsKey(index) && index >= 0 && index < layout.Count)
                {
                    var from = _first.From is { } key && shard.Sha256 is { } sha256
                        ? new CheckpointPartActor.Load(new PartKey(_epoch.Job, PartNames.Shard(index), key.Incarnation, key.Item), sha256)
                        : null;
                    var started = Context.ActorOf(
                        ParameterShardActor.Props(run, layout, _epoch, index, from, _services, _job), PartNames.Shard(index));
                    _shards.Add(index, Context.Watch(started));
                }
            }

            _job.Tell(new ShardsHeld(_epoch, _services.Node, [.. _shards.Select(shard => new ShardPlace(shard.Key, shard.Value))]));
        }
    }

    private void ReceiveEnds()
    {
        // Of the job's actor, or of a shard, without which the incarnation is over (P8).
        Receive<Terminated>(_ => Context.Stop(Self));
        Receive<Silence>(_ =>
        {
            if (Stopwatch.GetElapsedTime(_heard) > Patience)
            {
                Context.GetLogger().Info("Job {0} has not asked for its shards on this node for {1} s; they are let go", _epoch.Job, Patience.TotalSeconds);
                Context.Stop(Self);
            }
        });
    }

    private void Note(HoldShards hold)
    {
        _heard = Stopwatch.GetTimestamp();
        foreach (var shard in hold.Shards)
        {
            _asked[shard.Index] = shard;
        }
    }

    private void Refuse(string reason) => _job.Tell(new ShardsRefused(_epoch, _services.Node, reason));

    private sealed record Silence;
}
