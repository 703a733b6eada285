using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Cluster.Serialization;

/// <summary><see cref="StepProtocol"/> on the wire.</summary>
internal static class StepMessages
{
    public static void AddTo(MessageCodecs codecs)
    {
        codecs.Add<Offer, Wire.Offer>(
            "offer",
            m => new Wire.Offer
            {
                Epoch = m.Epoch.ToWire(),
                Item = m.Item,
                Shard = m.Shard,
                Block = new Wire.LaneBlock { First = m.Block.First, Count = m.Block.Count },
                Gradient = m.Gradient.ToWire(),
                Attempt = m.Attempt,
            },
            w => new Offer(w.Epoch.FromWire(), w.Item, w.Shard, new LaneBlock(w.Block.First, w.Block.Count), w.Gradient.FromWire(), w.Attempt));
        codecs.Add<NodeOffer, Wire.NodeOffer>(
            "node-offer",
            m => new Wire.NodeOffer
            {
                Epoch = m.Epoch.ToWire(),
                Item = m.Item,
                Block = new Wire.LaneBlock { First = m.Block.First, Count = m.Block.Count },
                Gradient = m.Gradient.ToWire(),
                Attempt = m.Attempt,
            },
            w => new NodeOffer(w.Epoch.FromWire(), w.Item, new LaneBlock(w.Block.First, w.Block.Count), w.Gradient.FromWire(), w.Attempt));
        codecs.Add<LanesOwned, Wire.LanesOwned>(
            "lanes-owned",
            m => new Wire.LanesOwned { Epoch = m.Epoch.ToWire(), Item = m.Item, Worker = m.Worker.Value, Lanes = { m.Lanes } },
            w => new LanesOwned(w.Epoch.FromWire(), w.Item, new WorkerId(w.Worker), [.. w.Lanes]));
        codecs.Add<ResultsNotFinite, Wire.ResultsNotFinite>(
            "results-not-finite",
            m => new Wire.ResultsNotFinite { Epoch = m.Epoch.ToWire(), Item = m.Item, Node = m.Node.Value },
            w => new ResultsNotFinite(w.Epoch.FromWire(), w.Item, new NodeId(w.Node)));
        codecs.Add<CopyLanes, Wire.CopyLanes>(
            "copy-lanes",
            m => new Wire.CopyLanes { Epoch = m.Epoch.ToWire(), Item = m.Item, Lanes = { m.Lanes }, Attempt = m.Attempt },
            w => new CopyLanes(w.Epoch.FromWire(), w.Item, [.. w.Lanes], w.Attempt));
        codecs.Add<ShardMisses, Wire.ShardMisses>(
            "shard-misses",
            m => new Wire.ShardMisses
            {
                Epoch = m.Epoch.ToWire(),
                Item = m.Item,
                Shard = m.Shard,
                Missing = { m.Missing.Select(block => new Wire.LaneBlock { First = block.First, Count = block.Count }) },
                Attempt = m.Attempt,
            },
            w => new ShardMisses(
                w.Epoch.FromWire(), w.Item, w.Shard, [.. w.Missing.Select(block => new LaneBlock(block.First, block.Count))], w.Attempt));
        codecs.Add<LanesReported, Wire.LanesReported>(
            "lanes-reported",
            m => new Wire.LanesReported
            {
                Epoch = m.Epoch.ToWire(),
                Item = m.Item,
                Worker = m.Worker.Value,
                Generation = m.Generation,
                Lanes = { m.Lanes.Select(lane => new Wire.LaneResult { Lane = lane.Lane, Sums = lane.Sums.ToWire(), State = lane.State.ToWire() }) },
                Attempt = m.Attempt,
            },
            w => new LanesReported(
                w.Epoch.FromWire(),
                w.Item,
                new WorkerId(w.Worker),
                w.Generation,
                [.. w.Lanes.Select(lane => new LaneResult(lane.Lane, lane.Sums.FromWire(), lane.State.FromWireOrNull()))],
                w.Attempt));
        codecs.Add<ShardWhole, Wire.ShardWhole>(
            "shard-whole",
            m => new Wire.ShardWhole
            {
                Epoch = m.Epoch.ToWire(),
                Item = m.Item,
                Shard = m.Shard,
                Squares = { m.Squares.Select(square => new Wire.NormSubtree { First = square.First, Count = square.Count, Squares = square.Squares }) },
                Attempt = m.Attempt,
            },
            w => new ShardWhole(
                w.Epoch.FromWire(),
                w.Item,
                w.Shard,
                [.. w.Squares.Select(square => new NormSubtree(square.First, square.Count, square.Squares))],
                w.Attempt));
        codecs.Add<Commit, Wire.Commit>(
            "commit",
            m => new Wire.Commit
            {
                Epoch = m.Epoch.ToWire(),
                Item = m.Item,
                Factor = m.Factor,
                LearningRate = m.LearningRate,
                Checkpoint = m.Checkpoint,
            },
            w => new Commit(w.Epoch.FromWire(), w.Item, w.Factor, w.LearningRate, w.Checkpoint));
        codecs.Add<Applied, Wire.Applied>(
            "applied",
            m => new Wire.Applied { Epoch = m.Epoch.ToWire(), Item = m.Item, Shard = m.Shard },
            w => new Applied(w.Epoch.FromWire(), w.Item, w.Shard));
        codecs.Add<ItemCommitted, Wire.ItemCommitted>(
            "item-committed",
            m => new Wire.ItemCommitted { Epoch = m.Epoch.ToWire(), Item = m.Item, Attempt = m.Attempt },
            w => new ItemCommitted(w.Epoch.FromWire(), w.Item, w.Attempt));
        codecs.Add<AskLaneStates, Wire.AskLaneStates>(
            "ask-lane-states",
            m => new Wire.AskLaneStates { Epoch = m.Epoch.ToWire(), Item = m.Item, Worker = m.Worker.Value, Lanes = { m.Lanes } },
            w => new AskLaneStates(w.Epoch.FromWire(), w.Item, new WorkerId(w.Worker), [.. w.Lanes]));
        codecs.Add<LaneStates, Wire.LaneStates>(
            "lane-states",
            m => new Wire.LaneStates
            {
                Epoch = m.Epoch.ToWire(),
                Item = m.Item,
                States = { m.States.Select(state => new Wire.LaneState { Lane = state.Lane, State = state.State.ToWire() }) },
                Attempt = m.Attempt,
            },
            w => new LaneStates(
                w.Epoch.FromWire(),
                w.Item,
                [.. w.States.Select(state => new LaneState(state.Lane, state.State.FromWireOrNull()))],
                w.Attempt));
        codecs.Add<Stale, Wire.Stale>(
            "stale",
            m => new Wire.Stale { Current = m.Current.ToWire() },
            w => new Stale(w.Current.FromWire()));
    }
}
