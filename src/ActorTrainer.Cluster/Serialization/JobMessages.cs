using ActorTrainer.Training.Protocol;
using static ActorTrainer.Training.Protocol.JobProtocol;

namespace ActorTrainer.Cluster.Serialization;

/// <summary><see cref="JobProtocol"/> on the wire.</summary>
internal static class JobMessages
{
    public static void AddTo(MessageCodecs codecs)
    {
        AddAssignments(codecs);
        AddReports(codecs);
        AddCheckpoints(codecs);
        AddLosses(codecs);
    }

    private static void AddAssignments(MessageCodecs codecs)
    {
        codecs.Add<Assign, Wire.Assign>(
            "assign",
            m => new Wire.Assign { Epoch = m.Epoch.ToWire(), Generation = m.Generation, Owners = { m.Owners.Select(ToWire) } },
            w => new Assign(w.Epoch.FromWire(), w.Generation, [.. w.Owners.Select(FromWire)]));
        codecs.Add<AssignmentTaken, Wire.AssignmentTaken>(
            "assignment-taken",
            m => new Wire.AssignmentTaken { Epoch = m.Epoch.ToWire(), Generation = m.Generation },
            w => new AssignmentTaken(w.Epoch.FromWire(), w.Generation));
        codecs.Add<LaneOwner, Wire.LaneOwner>("lane-owner", ToWire, FromWire);
        codecs.Add<AssignLanes, Wire.AssignLanes>(
            "assign-lanes",
            m => new Wire.AssignLanes { Epoch = m.Epoch.ToWire(), Generation = m.Generation, FirstItem = m.FirstItem, Lanes = { m.Lanes }, Attempt = m.Attempt },
            w => new AssignLanes(w.Epoch.FromWire(), w.Generation, w.FirstItem, [.. w.Lanes], w.Attempt));
    }

    private static void AddReports(MessageCodecs codecs)
    {
        codecs.Add<ItemsReported, Wire.ItemsReported>(
            "items-reported",
            m => new Wire.ItemsReported { Epoch = m.Epoch.ToWire(), Items = { m.Items.Select(ToWire) } },
            w => new ItemsReported(w.Epoch.FromWire(), [.. w.Items.Select(FromWire)]));
        codecs.Add<ReportsSeen, Wire.ReportsSeen>(
            "reports-seen",
            m => new Wire.ReportsSeen { Epoch = m.Epoch.ToWire(), Item = m.Item },
            w => new ReportsSeen(w.Epoch.FromWire(), w.Item));
        codecs.Add<LanesLate, Wire.LanesLate>(
            "lanes-late",
            m => new Wire.LanesLate
            {
                Epoch = m.Epoch.ToWire(),
                Item = m.Item,
                Workers = { m.Workers.Select(ToWire) },
                Shards = { m.Shards.Select(late => new Wire.LateShard { Shard = late.Shard, Seconds = late.Seconds }) },
                Checkpoint = m.Checkpoint is { } late ? new Wire.LateCheckpoint { Step = late.Step, Seconds = late.Seconds } : null,
            },
            w => new LanesLate(
                w.Epoch.FromWire(),
                w.Item,
                [.. w.Workers.Select(FromWire)],
                [.. w.Shards.Select(late => new LateShard(late.Shard, late.Seconds))],
                w.Checkpoint is { } late ? new LateCheckpoint(late.Step, late.Seconds) : null));
        codecs.Add<BadNumbers, Wire.BadNumbers>(
            "bad-numbers",
            m => new Wire.BadNumbers { Epoch = m.Epoch.ToWire(), Item = m.Item, Reason = m.Reason },
            w => new BadNumbers(w.Epoch.FromWire(), w.Item, w.Reason));
    }

    private static void AddCheckpoints(MessageCodecs codecs)
    {
        codecs.Add<PartSaved, Wire.PartSaved>(
            "part-saved",
            m => new Wire.PartSaved { Epoch = m.Epoch.ToWire(), Item = m.Item, Part = m.Part, Sha256 = m.Sha256 },
            w => new PartSaved(w.Epoch.FromWire(), w.Item, w.Part, w.Sha256));
        codecs.Add<PartFailed, Wire.PartFailed>(
            "part-failed",
            m => new Wire.PartFailed { Epoch = m.Epoch.ToWire(), Item = m.Item, Part = m.Part, Reason = m.Reason },
            w => new PartFailed(w.Epoch.FromWire(), w.Item, w.Part, w.Reason));
        codecs.Add<CheckpointSettled, Wire.CheckpointSettled>(
            "checkpoint-settled",
            m => new Wire.CheckpointSettled { Epoch = m.Epoch.ToWire(), Item = m.Item, Recorded = m.Recorded },
            w => new CheckpointSettled(w.Epoch.FromWire(), w.Item, w.Recorded));
        codecs.Add<HoldAtEdge, Wire.HoldAtEdge>(
            "hold-at-edge",
            m => new Wire.HoldAtEdge { Epoch = m.Epoch.ToWire() },
            w => new HoldAtEdge(w.Epoch.FromWire()));
        codecs.Add<Held, Wire.Held>(
            "held",
            m => new Wire.Held { Epoch = m.Epoch.ToWire(), Item = m.Item },
            w => new Held(w.Epoch.FromWire(), w.Item));
        codecs.Add<ModelPublished, Wire.ModelPublished>(
            "model-published",
            m => new Wire.ModelPublished { Epoch = m.Epoch.ToWire(), WeightsSha256 = m.WeightsSha256 },
            w => new ModelPublished(w.Epoch.FromWire(), w.WeightsSha256));
    }

    private static void AddLosses(MessageCodecs codecs)
    {
        codecs.Add<NodeWrong, Wire.NodeWrong>(
            "node-wrong",
            m => new Wire.NodeWrong { Epoch = m.Epoch.ToWire(), Step = m.Step, Node = m.Node.Value },
            w => new NodeWrong(w.Epoch.FromWire(), w.Step, new NodeId(w.Node)));
        codecs.Add<WrongNodeSeen, Wire.WrongNodeSeen>(
            "wrong-node-seen",
            m => new Wire.WrongNodeSeen { Epoch = m.Epoch.ToWire(), Node = m.Node.Value },
            w => new WrongNodeSeen(w.Epoch.FromWire(), new NodeId(w.Node)));
        codecs.Add<WorkerJoined, Wire.WorkerJoined>(
            "worker-joined",
            m => new Wire.WorkerJoined { Worker = m.Worker.Value, Node = m.Node.Value },
            w => new WorkerJoined(new WorkerId(w.Worker), new NodeId(w.Node)));
        codecs.Add<WorkerLost, Wire.WorkerLost>(
            "worker-lost",
            m => new Wire.WorkerLost { Worker = m.Worker.Value },
            w => new WorkerLost(new WorkerId(w.Worker)));
        codecs.Add<PartyLost, Wire.PartyLost>(
            "party-lost",
            m => new Wire.PartyLost { Epoch = m.Epoch.ToWire(), Reason = m.Reason },
            w => new PartyLost(w.Epoch.FromWire(), w.Reason));
        codecs.Add<CheckpointUnreadable, Wire.CheckpointUnreadable>(
            "checkpoint-unreadable",
            m => new Wire.CheckpointUnreadable { Epoch = m.Epoch.ToWire(), Part = m.Part, Reason = m.Reason },
            w => new CheckpointUnreadable(w.Epoch.FromWire(), w.Part, w.Reason));
    }

    private static Wire.ItemReport ToWire(ItemReport report) => new()
    {
        Item = report.Item,
        Training = report.Training,
        Step = report.Step,
        Sums = report.Sums.ToWire(),
        Recent = report.Recent.ToWire(),
        Norm = report.Norm,
        LearningRate = report.LearningRate,
        EndsValidation = report.EndsValidation,
    };

    private static ItemReport FromWire(Wire.ItemReport wire) => new(
        wire.Item,
        wire.Training,
        wire.Step,
        wire.Sums.FromWire(),
        wire.Recent.FromWire(),
        wire.Norm,
        wire.LearningRate,
        wire.EndsValidation);

    private static Wire.LateWorker ToWire(LateWorker late)
    {
        var wire = new Wire.LateWorker { Worker = late.Worker.Value, Node = late.Node.Value, Lanes = { late.Lanes }, Seconds = late.Seconds };
        if (late.Copier is { } copier)
        {
            wire.Copier = copier.Value;
        }

        return wire;
    }

    private static LateWorker FromWire(Wire.LateWorker wire) => new(
        new WorkerId(wire.Worker),
        new NodeId(wire.Node),
        [.. wire.Lanes],
        wire.Seconds,
        wire.HasCopier ? new WorkerId(wire.Copier) : null);

    private static Wire.LaneOwner ToWire(LaneOwner owner) => new() { Worker = owner.Worker.Value, Node = owner.Node.Value, Lanes = { owner.Lanes } };

    private static LaneOwner FromWire(Wire.LaneOwner wire) => new(new WorkerId(wire.Worker), new NodeId(wire.Node), [.. wire.Lanes]);
}
