using System.Runtime.InteropServices;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Runs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Protocol;
using Akka.Actor;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>
/// Joins the shards' parts of one checkpoint to a model, and writes it to a file if there is to be one.
/// Answers once, and stops.
/// </summary>
internal sealed class ModelAssemblerActor : ReceiveActor
{
    private readonly IActorRef _parts = Context.ActorOf(CheckpointPartActor.Props, "part");
    private readonly JobFact.Submitted _job;
    private readonly Checkpoint _checkpoint;
    private readonly string? _file;
    private int _joined;

    public ModelAssemblerActor(JobFact.Submitted job, Checkpoint checkpoint, string? file, RunServices services)
    {
        (_job, _checkpoint, _file) = (job, checkpoint, file);
        services.Runs.OpenAsync(job.Spec.Recipe).PipeTo(Self, success: run => run, failure: cause => new Status.Failure(cause));

        Receive<TrainingRun>(run =>
        {
            var weights = new float[run.Layout.ParameterCount];
            Become(() => Joining(run, weights));
            AskNext();
        });
        Receive<Status.Failure>(failed => Answer(new NotAssembled(null, failed.Cause.GetBaseException().Message)));
    }

    public static Props Props(JobFact.Submitted job, Checkpoint checkpoint, string? file, RunServices services) =>
        Akka.Actor.Props.Create(() => new ModelAssemblerActor(job, checkpoint, file, services)).WithDispatcher(NodeConfiguration.ArithmeticDispatcher);

    private void Joining(TrainingRun run, float[] weights)
    {
        Receive<CheckpointPartActor.Loaded>(loaded =>
        {
            try
            {
                var part = ShardPart.Read(loaded.Content.Span);
                part.CopyWeights(loaded.Content.Span, weights.AsSpan(part.Range.First, part.Range.Count));
            }
            catch (Exception wrong) when (wrong is InvalidDataException or ArgumentException)
            {
                Answer(new NotAssembled(loaded.Key.Part, wrong.Message));
                return;
            }

            if (++_joined < _job.Shape.Shards)
            {
                AskNext();
                return;
            }

            try
            {
                Answer(Finish(run, weights));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Answer(new NotAssembled(null, $"the model file cannot be written: {failure.Message}"));
            }
            catch (Exception defect)
            {
                // Whatever it is, it will be there the next time too, and somebody waits for an answer.
                Answer(new NotAssembled(null, $"the model cannot be made: {defect.Message}", IsFinal: true));
            }
        });
        Receive<CheckpointPartActor.Unreadable>(unreadable => Answer(new NotAssembled(unreadable.Key.Part, unreadable.Reason)));
    }

    private void AskNext()
    {
        var part = _checkpoint.Parts[_joined];
        _parts.Tell(new CheckpointPartActor.Load(new PartKey(_job.Job, part.Part, _checkpoint.Incarnation, _checkpoint.Item), part.Sha256));
    }

    private Assembled Finish(TrainingRun run, float[] weights)
    {
        var model = new ModelFile(_job.Spec.Recipe, _checkpoint.Step, run.Schema, weights);
        if (_file is not null)
        {
            WriteAtomically(model, _file);
        }

        return new Assembled(new ModelView(
            _job.Job, _job.Spec.Recipe, model.Step, ImmutableCollectionsMarshal.AsImmutableArray(weights), _file, model.WeightsSha256)
        {
            Schema = run.Schema,
        });
    }

    /// <summary>Whoever sees the name sees a whole, durable file.</summary>
    private static void WriteAtomically(ModelFile model, string file)
    {
        var partial = file + ".partial";
        using (var stream = PrivateFiles.Open(partial, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            model.Write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, file, overwrite: true);
    }

    private void Answer(object answer)
    {
        Context.Parent.Tell(answer);
        Context.Stop(Self);
    }

    public sealed record Assembled(ModelView Model);

    /// <param name="Part">What of the checkpoint cannot be read; null: something else failed, and may not the next time.</param>
    /// <param name="IsFinal">To try again is of no use.</param>
    public sealed record NotAssembled(string? Part, string Reason, bool IsFinal = false);
}
