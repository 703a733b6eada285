using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Event;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Runs;

/// <summary>The node's door for jobs: one <see cref="WorkerNodeActor"/> for each that computes here.</summary>
internal sealed class NodeActor : ReceiveActor
{
    /// <summary>Name under /user on every node that computes.</summary>
    public const string Name = "node";

    private readonly RunServices _services;
    private readonly Dictionary<JobId, (IActorRef Job, IActorRef Part)> _parts = [];
    private readonly Departure _departure;
    private int _started;

    public NodeActor(RunServices services)
    {
        _services = services;
        _departure = new Departure(Context, services.Node);
        Receive<TakePart>(Take);
        Receive<LeaveRun>(leave => Leave(leave.Job));
        Receive<LeaveJobs>(_ => _departure.Begin(Sender, _parts.Select(part => (part.Key, part.Value.Job))));
        Receive<Departure.SayAgain>(_ => _departure.Say());
        Receive<NodeReleased>(released => Leave(released.Job));
        Receive<Terminated>(ended =>
        {
            foreach (var (job, part) in _parts)
            {
                if (part.Part.Equals(ended.ActorRef))
                {
                    _parts.Remove(job);
                    _departure.Left(job);
                    return;
                }
            }
        });
    }

    public static Props Props(RunServices services) => Akka.Actor.Props.Create(() => new NodeActor(services));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        cause =>
        {
            // The job sees it end and asks for another.
            Context.GetLogger().Warning("A job's part on this node broke: {0}", cause.Message);
            return Directive.Stop;
        },
        loggingEnabled: false);

    private void Take(TakePart take)
    {
        if (_departure.HasBegun)
        {
            return;
        }

        if (_parts.TryGetValue(take.Job, out var part) && part.Job.Equals(Sender))
        {
            part.Part.Forward(take);
            return;
        }

        // A job that was restarted gets a part of its own: what the old one computes is for nobody.
        Leave(take.Job);
        var started = Context.Watch(Context.ActorOf(WorkerNodeActor.Props(take, _services, Sender), $"{take.Job}-{_started++}"));
        _parts[take.Job] = (Sender, started);
    }

    private void Leave(JobId job)
    {
        if (_parts.Remove(job, out var part))
        {
            Context.Unwatch(part.Part);
            Context.Stop(part.Part);
        }

        _departure.Left(job);
    }
}
