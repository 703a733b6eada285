using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Tests.Jobs;

public sealed class ModelAssemblerActorSpecs : ActorSpecs
{
    private const long Item = 11;

    private readonly JobFact.Submitted _job = Submitted(Specimens.BinaryAddition());

    [Fact]
    public async Task Joins_the_parts_of_a_checkpoint_to_a_model()
    {
        var weights = Enumerable.Range(0, (int)_job.Shape.Parameters).Select(i => i / 64f).ToArray();

        var assembled = await AssembleAsync<ModelAssemblerActor.Assembled>(await SavedAsync(weights), step: 9);

        Assert.Equal(weights, assembled.Model.Weights);
        Assert.Equal(9, assembled.Model.Step);
    }

    [Fact]
    public async Task Names_the_part_that_cannot_be_read()
    {
        var failed = await AssembleAsync<ModelAssemblerActor.NotAssembled>(new PartHash("shard-0", new string('a', 64)), step: 9);

        Assert.Equal(("shard-0", "it is not there"), (failed.Part, failed.Reason));
    }

    [Fact]
    public async Task Answers_too_when_what_goes_wrong_was_not_foreseen()
    {
        var saved = await SavedAsync(new float[(int)_job.Shape.Parameters]);

        var failed = await AssembleAsync<ModelAssemblerActor.NotAssembled>(saved, step: _job.Shape.Steps + 1);

        Assert.Null(failed.Part);
        Assert.True(failed.IsFinal);
        Assert.StartsWith("the model cannot be made: step is 13; the recipe has 0 to 12", failed.Reason, StringComparison.Ordinal);
    }

    private async Task<PartHash> SavedAsync(float[] weights)
    {
        var part = new ShardPart(Item, Shards(_job.Spec).Range(0), OptimizerLength: 0);
        var bytes = new byte[part.Length];
        part.Write(bytes, weights);
        Sys.ActorOf(CheckpointPartActor.Props).Tell(new CheckpointPartActor.Save(new PartKey(Job, "shard-0", 1, Item), bytes), TestActor);
        return new PartHash("shard-0", (await ExpectMsgAsync<CheckpointPartActor.Saved>()).Sha256);
    }

    private async Task<T> AssembleAsync<T>(PartHash part, long step)
    {
        var parent = CreateTestProbe();
        var checkpoint = new Checkpoint(1, 0, Item, step, [part], "", JobProgress.None);
        parent.ChildActorOf(ModelAssemblerActor.Props(_job, checkpoint, null, Services));
        return await parent.ExpectMsgAsync<T>();
    }
}
