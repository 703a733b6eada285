using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Event;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Runs;

/// <summary>A server's door for jobs: one <see cref="ShardHolderActor"/> for each that has shards here, of its newest incarnation (P1).</summary>
internal sealed class ServerDoorActor : ReceiveActor
{
    /// <summary>Name under /user on every server node.</summary>
    public const string Name = "server";

    private readonly RunServices _services;
    private readonly Dictionary<JobId, Holder> _holders = [];
    private readonly Departure _departure;
    private int _started;

    public ServerDoorActor(RunServices services)
    {
        _services = services;
        _departure = new Departure(Context, services.Node);
        Receive<HoldShards>(Take);
        Receive<ReleaseShards>(release =>
        {
            if (_holders.TryGetValue(release.Epoch.Job, out var holder) && !holder.Epoch.IsNewerThan(release.Epoch))
            {
                Release(release.Epoch.Job);
            }
        });
        Receive<LeaveJobs>(_ => _departure.Begin(Sender, _holders.Select(holder => (holder.Key, holder.Value.Asker))));
        Receive<Departure.SayAgain>(_ => _departure.Say());
        Receive<NodeReleased>(released =>
        {
            Release(released.Job);
            _departure.Left(released.Job);
        });
        Receive<Terminated>(ended =>
        {
            foreach (var (job, holder) in _holders)
            {
                if (holder.Shards.Equals(ended.ActorRef))
                {
                    _holders.Remove(job);
                    _departure.Left(job);
                    return;
                }
            }
        });
    }

    public static Props Props(RunServices services) => Akka.Actor.Props.Create(() => new ServerDoorActor(services));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        cause =>
        {
            // The job sees them end, which ends its incarnation (P8).
            Context.GetLogger().Warning("A job's shards on this node broke: {0}", cause.Message);
            return Directive.Stop;
        },
        loggingEnabled: false);

    private void Take(HoldShards hold)
    {
        if (_holders.TryGetValue(hold.Epoch.Job, out var holder))
        {
            if (holder.Epoch.IsNewerThan(hold.Epoch))
            {
                Sender.Tell(new StepProtocol.Stale(holder.Epoch));
                return;
            }

            if (holder.Epoch == hold.Epoch && holder.Asker.Equals(Sender))
            {
                holder.Shards.Forward(hold);
                return;
            }

            Release(hold.Epoch.Job);
        }

        if (_departure.HasBegun)
        {
            Sender.Tell(new ShardsRefused(hold.Epoch, _services.Node, "it is about to stop"));
            return;
        }

        var started = Context.Watch(Context.ActorOf(ShardHolderActor.Props(hold, _services, Sender), $"{hold.Epoch.Job}-{_started++}"));
        _holders[hold.Epoch.Job] = new Holder(hold.Epoch, Sender, started);
        started.Forward(hold);
    }

    private void Release(JobId job)
    {
        if (_holders.Remove(job, out var holder))
        {
            Context.Unwatch(holder.Shards);
            Context.Stop(holder.Shards);
        }
    }

    private sealed record Holder(Epoch Epoch, IActorRef Asker, IActorRef Shards);
}
