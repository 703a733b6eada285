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
                Replica = WirePlaces.PathOf(m.Replica),
                Workers = { m.Workers.Select(ToWire) },
            },
            (w, system) => new NodeJoined(
                new JobId(w.Job), new NodeId(w.Node), WirePlaces.Resolve(system, w.Replica), [.. w.Workers.Select(worker => FromWire(worker, system))]),
            isStored: false);
        codecs.Add<NodeRefused, Wire.NodeRefused>(
            "node-refused",
            m => new Wire.NodeRefused { Job = m.Job.Value, Node = m.Node.Value, Reason = m.Reason },
            w => new NodeRefused(new JobId(w.Job), new NodeId(w.Node), w.Reason));
        codecs.Add<LeaveRun, Wire.LeaveRun>(
            "leave-run", m => new Wire.LeaveRun { Job = m.Job.Value }, w => new LeaveRun(new JobId(w.Job)));
        AddShards(codecs);
        codecs.Add<Members, Wire.Members>(
            "members",
            m => new Wire.Members
            {
                Epoch = m.Epoch.ToWire(),
                Barrier = WirePlaces.PathOf(m.Barrier),
                Shards = m.Shards.ToWire(),
                Nodes = { m.Nodes.Select(ToWire) },
                Workers = { m.Workers.Select(ToWire) },
            },
            (w, system) => new Members(
                w.Epoch.FromWire(),
                WirePlaces.Resolve(system, w.Barrier),
                w.Shards.FromWire(system),
                [.. w.Nodes.Select(node => FromWire(node, system))],
                [.. w.Workers.Select(worker => FromWire(worker, system))]),
            isStored: false);
        codecs.Add<WorkerPlace, Wire.WorkerPlace>("worker-place", ToWire, FromWire, isStored: false);
        codecs.Add<NodePlace, Wire.NodePlace>("node-place", ToWire, FromWire, isStored: false);
    }

    private static void AddShards(MessageCodecs codecs)
    {
        codecs.Add<HoldShards, Wire.HoldShards>(
            "hold-shards",
            m => new Wire.HoldShards
            {
                Epoch = m.Epoch.ToWire(),
                Spec = m.Spec.ToWire(),
                From = m.From is { } from ? new Wire.CheckpointKey { Incarnation = from.Incarnation, Item = from.Item } : null,
                Shards = { m.Shards.Select(ToWire) },
            },
            w => new HoldShards(
                w.Epoch.FromWire(),
                w.Spec.FromWire(),
                w.From is { } from ? new CheckpointKey(from.Incarnation, from.Item) : null,
                [.. w.Shards.Select(shard => new ShardToHold(shard.Index, shard.HasSha256 ? shard.Sha256 : null))]));
        codecs.Add<ShardsHeld, Wire.ShardsHeld>(
            "shards-held",
            m => new Wire.ShardsHeld
            {
                Epoch = m.Epoch.ToWire(),
                Node = m.Node.Value,
                Places = m.Shards.Select(shard => shard.Place).ToWire(),
                Indices = { m.Shards.Select(shard => shard.Index) },
            },
            (w, system) => new ShardsHeld(
                w.Epoch.FromWire(),
                new NodeId(w.Node),
                [.. w.Places.FromWire(system).Select((place, i) => new ShardPlace(w.Indices[i], place))]),
            isStored: false);
        codecs.Add<ShardsRefused, Wire.ShardsRefused>(
            "shards-refused",
            m => new Wire.ShardsRefused { Epoch = m.Epoch.ToWire(), Node = m.Node.Value, Reason = m.Reason },
            w => new ShardsRefused(w.Epoch.FromWire(), new NodeId(w.Node), w.Reason));
        codecs.Add<ReleaseShards, Wire.ReleaseShards>(
            "release-shards", m => new Wire.ReleaseShards { Epoch = m.Epoch.ToWire() }, w => new ReleaseShards(w.Epoch.FromWire()));
        codecs.Add<NodeLeaves, Wire.NodeLeaves>(
            "node-leaves",
            m => new Wire.NodeLeaves { Job = m.Job.Value, Node = m.Node.Value },
            w => new NodeLeaves(new JobId(w.Job), new NodeId(w.Node)));
        codecs.Add<NodeReleased, Wire.NodeReleased>(
            "node-released", m => new Wire.NodeReleased { Job = m.Job.Value }, w => new NodeReleased(new JobId(w.Job)));
    }

    private static Wire.ShardToHold ToWire(ShardToHold shard)
    {
        var wire = new Wire.ShardToHold { Index = shard.Index };
        if (shard.Sha256 is not null)
        {
            wire.Sha256 = shard.Sha256;
        }

        return wire;
    }

    private static Wire.WorkerPlace ToWire(WorkerPlace place) => new() { Worker = place.Worker.Value, Place = WirePlaces.PathOf(place.Place) };

    private static WorkerPlace FromWire(Wire.WorkerPlace wire, ExtendedActorSystem system) =>
        new(new WorkerId(wire.Worker), WirePlaces.Resolve(system, wire.Place));

    private static Wire.NodePlace ToWire(NodePlace place) => new() { Node = place.Node.Value, Place = WirePlaces.PathOf(place.Place) };

    private static NodePlace FromWire(Wire.NodePlace wire, ExtendedActorSystem system) =>
        new(new NodeId(wire.Node), WirePlaces.Resolve(system, wire.Place));
}
