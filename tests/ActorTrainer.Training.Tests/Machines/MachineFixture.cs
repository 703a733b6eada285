using System.Collections.Immutable;
using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Plans;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using ActorTrainer.Training.Tensors;
using static ActorTrainer.Training.Protocol.JobProtocol;
using static ActorTrainer.Training.Protocol.StepProtocol;

namespace ActorTrainer.Training.Tests.Machines;

/// <summary>
/// A tiny language model with carried state: four lanes of one row each, eight steps, two validation
/// batches after every three of them; two shards.
/// </summary>
internal sealed class MachineFixture
{
    public static readonly JobId Job = new("job");
    public static readonly NodeId Node = new("node");

    public MachineFixture()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("abcdefgh", 40)));
        var recipe = new Recipe(
            new DataRecipe.Text(ContentHash.Sha256Of(text), 4, 0.3),
            new ModelRecipe([new LayerSpec.Elman(16, new Initializer.Xavier())], LossKind.SoftmaxCrossEntropy, new Initializer.Xavier()),
            new TrainingRecipe(
                8, 4, new OptimizerRecipe.Adam(0.9, 0.999, 1e-8), new LearningRateRecipe(0.01, Schedule.Constant, 0, 0), null, new ValidationRecipe(3, 2)),
            4,
            1);
        Run = new TrainingRun(recipe, TrainingRun.OpenData(recipe, _ => new MemoryStream(text)));
        Shards = Run.Shards(2);
        Shape = RunShape.Of(Run, Shards);
    }

    public TrainingRun Run { get; }

    public ShardLayout Shards { get; }

    public RunShape Shape { get; }

    public TensorStore Tensors { get; } = new(Node);

    public RecordingOutbox Outbox { get; } = new();

    public static Epoch Epoch(long incarnation = 1) => new(Job, incarnation, 0);

    public JobFact.Submitted Submission => new(
        Job,
        new JobSpec(Run.Recipe, new Placement("job", 2, 2, 2, ImmutableSortedDictionary<string, string>.Empty)),
        "hash",
        ArithmeticVersion.Current,
        Shape,
        DateTimeOffset.UnixEpoch);

    /// <summary>A tensor of equal values, published by somebody else.</summary>
    public Ticket Tensor(int length, float value = 1)
    {
        var lease = Tensors.Rent(length);
        lease.Values.Fill(value);
        return lease.Publish();
    }

    public Offer Offer(int shard, LaneBlock block, long item = 0, float value = 1, long incarnation = 1) =>
        new(Epoch(incarnation), item, shard, block, Tensor(Shards.Range(shard).Count, value));

    public LaneResult Result(int lane, double loss = 2) =>
        new(lane, new LossSums(loss, 4, 1, 1, 0) { Targets = 4 }, Tensor(Run.Layout.StateSize, lane + 1));

    public LanesReported Report(long item, params int[] lanes) =>
        new(Epoch(), item, new WorkerId("w"), 0, [.. lanes.Select(lane => Result(lane))]);

    public ShardWhole Whole(int shard, long item, double square = 1) => new(
        Epoch(),
        item,
        shard,
        [.. Enumerable.Range(Shards.Range(shard).First / NormBlocks.BlockSize, NormBlocks.Count(Shards.Range(shard).Count))
            .Select(block => new NormSubtree(block, 1, square))]);

    public ParameterShard Shard(int index = 0)
    {
        var shard = new ParameterShard(Run, Shards, Epoch(), index, Tensors, Outbox);
        shard.LoadInitial();
        return shard;
    }

    public StepBarrier Barrier(int checkpointInterval = 100)
    {
        var barrier = new StepBarrier(Run, Shards, Epoch(), new BarrierSettings(checkpointInterval, 10), Tensors, Outbox);
        barrier.LoadInitial();
        barrier.Handle(new Assign(Epoch(), 0, [new LaneOwner(new WorkerId("w"), new NodeId("n"), [0, 1, 2, 3])]));
        Outbox.Clear();
        return barrier;
    }

    /// <summary>Gives a barrier all it needs for its item, so that it commits.</summary>
    public void Complete(StepBarrier barrier, long item)
    {
        barrier.Handle(Report(item, 0, 1, 2, 3));
        if (Run.Plan[item].IsTraining)
        {
            barrier.Handle(Whole(0, item));
            barrier.Handle(Whole(1, item));
            barrier.Handle(new Applied(Epoch(), item, 0));
            barrier.Handle(new Applied(Epoch(), item, 1));
        }
    }
}
