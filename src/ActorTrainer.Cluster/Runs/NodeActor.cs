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

    private readonly Dictionary<JobId, (IActorRef Job, IActorRef Part)> _parts = [];
    private int _started;

    public NodeActor(RunServices services)
    {
        Receive<TakePart>(take =>
        {
            if (_parts.TryGetValue(take.Job, out var part) && part.Job.Equals(Sender))
            {
                part.Part.Forward(take);
                return;
            }

            // A job that was restarted gets a part of its own: what the old one computes is for nobody.
            Leave(take.Job);
            var started = Context.Watch(Context.ActorOf(WorkerNodeActor.Props(take, services, Sender), $"{take.Job}-{_started++}"));
            _parts[take.Job] = (Sender, started);
        });
        Receive<LeaveRun>(leave => Leave(leave.Job));
        Receive<Terminated>(ended =>
        {
            foreach (var (job, part) in _parts)
            {
                if (part.Part.Equals(ended.ActorRef))
                {
                    _parts.Remove(job);
                    return;
                }
            }
        });
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        cause =>
        {
            // The job sees it end and asks for another.
            Context.GetLogger().Warning("A job's part on this node broke: {0}", cause.Message);
            return Directive.Stop;
        },
        loggingEnabled: false);

    private void Leave(JobId job)
    {
        if (_parts.Remove(job, out var part))
        {
            Context.Unwatch(part.Part);
            Context.Stop(part.Part);
        }
    }
}
