using System.Runtime.InteropServices;
using ActorTrainer.Cluster.Runs;
using ActorTrainer.Training.Machines;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Event;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>
/// The weights of a job as others get them: the model file of a completed one, the newest version of a
/// running one, the last checkpoint of any other. Used by the job's actor alone.
/// </summary>
internal sealed class JobModel(IActorContext context, JobFact.Submitted job, RunServices services, TrainingJob core, JobRun run) : IDisposable
{
    /// <summary>Tries to write a model file, two seconds apart, before the job fails.</summary>
    private const int MaximumPublications = 60;

    private readonly ILoggingAdapter _log = context.GetLogger();
    private readonly Queue<IActorRef> _askers = new();
    private readonly ModelOffers _offers = new(context, services);
    private int _publications;

    private string File => services.Directory.ModelFile(job.Job);

    /// <summary>Answers the sender, now or when the model is put together.</summary>
    public void Tell(GetModel request)
    {
        if (core.State == JobState.Completed)
        {
            TellCompleted();
        }
        else if (run.Replica is { } replica)
        {
            replica.Forward(request);
        }
        else if (core.Record.Newest is { } newest)
        {
            Assemble(newest, file: null);
        }
        else
        {
            context.Sender.Tell(new Refused($"The job is {core.State} and has no weights."));
        }
    }

    /// <summary>The model file was read.</summary>
    public void Take(Read read) => _offers.Answer(read.Asker, read.Model);

    /// <summary>What was offered to another process has been there long enough.</summary>
    public void Take(ModelOffers.Ended ended) => _offers.Take(ended);

    public void Dispose() => _offers.Dispose();

    /// <summary>Writes the model file of the final checkpoint.</summary>
    public void Publish(Checkpoint final) => context.ActorOf(ModelAssemblerActor.Props(job, final, File, services));

    /// <summary>Tries once more, where a try failed for what may pass.</summary>
    public void TryAgain()
    {
        if (core.State == JobState.Finishing && core.Record.Newest is { } final)
        {
            Publish(final);
        }
    }

    public void Take(ModelAssemblerActor.Assembled assembled)
    {
        if (core.State == JobState.Finishing && assembled.Model.File is not null)
        {
            _publications = 0;
            core.Handle(new JobProtocol.ModelPublished(core.Epoch, assembled.Model.WeightsSha256!));
        }
        else if (_askers.TryDequeue(out var asker))
        {
            _offers.Answer(asker, core.State == JobState.Completed ? assembled.Model : assembled.Model with { WeightsSha256 = null });
        }
    }

    public void Take(ModelAssemblerActor.NotAssembled failed, ITimerScheduler timers)
    {
        if (core.State != JobState.Finishing)
        {
            if (_askers.TryDequeue(out var asker))
            {
                asker.Tell(new Refused(Sentence.Of($"the job's last checkpoint cannot be read: {failed.Reason}")));
            }
        }
        else if (failed.Part is { } part)
        {
            core.Handle(new JobProtocol.CheckpointUnreadable(core.Epoch, part, failed.Reason));
        }
        else if (failed.IsFinal || ++_publications >= MaximumPublications)
        {
            core.Fail(failed.Reason);
        }
        else
        {
            _log.Warning("Job {0}: {1}; it is tried again", job.Job, failed.Reason);
            timers.StartSingleTimer(nameof(PublishAgain), new PublishAgain(), TimeSpan.FromSeconds(2));
        }
    }

    private void TellCompleted()
    {
        var (asker, file) = (context.Sender, File);
        if (System.IO.File.Exists(file))
        {
            Task.Run(() => new Read(asker, ReadFile(file))).PipeTo(
                context.Self,
                failure: cause => new Unread(asker, $"The job's model cannot be read: {cause.GetBaseException().Message}"));
        }
        else if (core.Record.Newest is { } final)
        {
            // Written by another server, or lost: it is a function of the final checkpoint.
            Assemble(final, file);
        }
        else
        {
            asker.Tell(new Refused($"The job's model file {file} is not there, and no checkpoint to make it of."));
        }
    }

    private void Assemble(Checkpoint checkpoint, string? file)
    {
        if (_askers.Count >= JobWaiters.Maximum)
        {
            context.Sender.Tell(new Refused($"{JobWaiters.Maximum} wait for the job's model already; ask again in a moment."));
            return;
        }

        _askers.Enqueue(context.Sender);
        context.ActorOf(ModelAssemblerActor.Props(job, checkpoint, file, services));
    }

    private ModelView ReadFile(string file)
    {
        using var stream = System.IO.File.OpenRead(file);
        var model = ModelFile.Read(stream);
        var weights = ImmutableCollectionsMarshal.AsImmutableArray(model.Weights.ToArray());
        return new ModelView(job.Job, model.Recipe, model.Step, weights, file, model.WeightsSha256) { Schema = model.Schema };
    }

    public sealed record Read(IActorRef Asker, ModelView Model);

    public sealed record Unread(IActorRef Asker, string Reason);

    public sealed record PublishAgain;
}
