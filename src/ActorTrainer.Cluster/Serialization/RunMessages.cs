using ActorTrainer.Training.Protocol;
using Akka.Actor;
using static ActorTrainer.Cluster.Runs.RunProtocol;

namespace ActorTrainer.Cluster.Serialization;

/// <summary><see cref="Runs.RunProtocol"/> on the wire.</summary>
internal static class RunMessages
{
    public static void AddTo(MessageCodecs codecs)
    {
        codecs.Add<TakePart, Wire.TakePart>(
            "take-part",
            m => new Wire.TakePart { Job = m.Job.Value, Spec = m.Spec.ToWire(), Workers = m.Workers },
            w => new TakePart(new JobId(w.Job), w.Spec.FromWire(), w.Workers));
        codecs.Add<NodeJoined, Wire.NodeJoined>(
            "node-joined",
            m => new Wire.NodeJoined
            {
                Job = m.Job.Value,
                Node = m.Node.Value,
                Replica = PathOf(m.Replica),
                Workers = { m.Workers.Select(ToWire) },
            },
            (w, system) => new NodeJoined(
                new JobId(w.Job), new NodeId(w.Node), Resolve(system, w.Replica), [.. w.Workers.Select(worker => FromWire(worker, system))]),
            isStored: false);
        codecs.Add<NodeRefused, Wire.NodeRefused>(
            "node-refused",
            m => new Wire.NodeRefused { Job = m.Job.Value, Reason = m.Reason },
            w => new NodeRefused(new JobId(w.Job), w.Reason));
        codecs.Add<LeaveRun, Wire.LeaveRun>(
            "leave-run", m => new Wire.LeaveRun { Job = m.Job.Value }, w => new LeaveRun(new JobId(w.Job)));
        codecs.Add<Members, Wire.Members>(
            "members",
            m => new Wire.Members
            {
                Epoch = m.Epoch.ToWire(),
                Barrier = PathOf(m.Barrier),
                Shards = { m.Shards.Select(PathOf) },
                Nodes = { m.Nodes.Select(ToWire) },
                Workers = { m.Workers.Select(ToWire) },
            },
            (w, system) => new Members(
                w.Epoch.FromWire(),
                Resolve(system, w.Barrier),
                [.. w.Shards.Select(shard => Resolve(system, shard))],
                [.. w.Nodes.Select(node => FromWire(node, system))],
                [.. w.Workers.Select(worker => FromWire(worker, system))]),
            isStored: false);
        codecs.Add<WorkerPlace, Wire.WorkerPlace>("worker-place", ToWire, FromWire, isStored: false);
        codecs.Add<NodePlace, Wire.NodePlace>("node-place", ToWire, FromWire, isStored: false);
    }

    private static Wire.WorkerPlace ToWire(WorkerPlace place) => new() { Worker = place.Worker.Value, Place = PathOf(place.Place) };

    private static WorkerPlace FromWire(Wire.WorkerPlace wire, ExtendedActorSystem system) =>
        new(new WorkerId(wire.Worker), Resolve(system, wire.Place));

    private static Wire.NodePlace ToWire(NodePlace place) => new() { Node = place.Node.Value, Place = PathOf(place.Place) };

    private static NodePlace FromWire(Wire.NodePlace wire, ExtendedActorSystem system) =>
        new(new NodeId(wire.Node), Resolve(system, wire.Place));

    private static string PathOf(IActorRef actor) => Akka.Serialization.Serialization.SerializedActorPath(actor);

    private static IActorRef Resolve(ExtendedActorSystem system, string path) => system.Provider.ResolveActorRef(path);
}
