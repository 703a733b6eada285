using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Event;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// What barrier and shards have in common: each starts from its part of a checkpoint, saves its part
/// when its core says so, and lives for one incarnation. Loading → Serving.
/// </summary>
internal abstract class RunPartyActor : ReceiveActor, IWithTimers
{
    private readonly Epoch _epoch;
    private readonly string _part;
    private readonly CheckpointPartActor.Load? _from;
    private readonly IActorRef _job;
    private readonly IActorRef _parts;
    private readonly TensorArrivals _arrivals;

    protected RunPartyActor(Epoch epoch, string part, CheckpointPartActor.Load? from, RunServices services, IActorRef job)
    {
        (_epoch, _part, _from, _job) = (epoch, part, from, job);
        _arrivals = new TensorArrivals(Context, services.Node, services.FetchAsync, Wants, Handle);
        _parts = Context.ActorOf(CheckpointPartActor.Props, "part");
        Directory = new RunDirectory(Context, job, Perform);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected RunDirectory Directory { get; }

    protected abstract void LoadInitial();

    /// <exception cref="InvalidDataException">The part belongs to another run.</exception>
    protected abstract void Load(ReadOnlySpan<byte> part);

    /// <summary>Whether the core would use the tensors of a message, so that they are to be fetched.</summary>
    protected abstract bool Wants(object message);

    protected abstract void Handle(object message);

    protected abstract void TickCore();

    /// <summary>The last word of a constructor: from here on the core is there.</summary>
    protected void Start()
    {
        if (_from is null)
        {
            LoadInitial();
            Serving();
        }
        else
        {
            _parts.Tell(_from);
            Loading();
        }
    }

    protected override void PreStart() => Tick.Start(Timers);

    protected override void PostStop() => _arrivals.Dispose();

    /// <summary>Parties say everything again, so that what comes too early may be forgotten (P6); but not where they are.</summary>
    private void Loading()
    {
        Receive<RunProtocol.Members>(Directory.Learn);
        Receive<CheckpointPartActor.Loaded>(loaded =>
        {
            try
            {
                Load(loaded.Content.Span);
            }
            catch (InvalidDataException wrong)
            {
                TellUnreadable(wrong.Message);
                return;
            }

            Become(Serving);
        });
        Receive<CheckpointPartActor.Unreadable>(unreadable => TellUnreadable(unreadable.Reason));
        ReceiveAny(_ => { });
    }

    private void Serving()
    {
        Receive<RunProtocol.Members>(Directory.Learn);
        Receive<Tick>(_ => TickCore());
        Receive<CheckpointPartActor.Saved>(saved => Handle(new PartStored(_epoch, saved.Key.Item, saved.Sha256)));
        Receive<CheckpointPartActor.NotSaved>(failed => Handle(new PartNotStored(_epoch, failed.Key.Item, failed.Reason)));
        ReceiveAny(_arrivals.Handle);
    }

    private void TellUnreadable(string reason) => _job.Tell(new JobProtocol.CheckpointUnreadable(_epoch, _part, reason));

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case Effect.SavePart save:
                _parts.Tell(new CheckpointPartActor.Save(new PartKey(save.Epoch.Job, save.Part, save.Epoch.Incarnation, save.Item), save.Content));
                break;
            case Effect.StopSelf:
                Context.Stop(Self);
                break;
            case Effect.Alarm alarm:
                JobAlarm.Log(Context.GetLogger(), _epoch.Job, alarm);
                break;
        }
    }
}
