using System.Security.Cryptography;
using System.Text;
using ActorTrainer.Cluster.Runs;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Numerics;
using ActorTrainer.Training;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>
/// Takes jobs, once for every request id, and answers for them. One for the cluster; each job that
/// lives is a child of it.
/// </summary>
internal sealed class JobRegistryActor : ReceivePersistentActor, IWithTimers
{
    /// <summary>Submissions that are being looked at.</summary>
    public const int MaximumPending = 64;

    /// <summary>For how long a node that stops waits for its jobs' checkpoints.</summary>
    public static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(6);

    private readonly RunServices _services;
    private readonly JobBook _book = new();
    private readonly Dictionary<string, PendingSubmission> _pending = new(StringComparer.Ordinal);
    private readonly JobChildren _children;
    private readonly RollCall _rollCall;
    private readonly RegistryCompaction _compaction = new();

    public JobRegistryActor(RunServices services)
    {
        _services = services;
        _children = new JobChildren(Context, submitted => TrainingJobActor.Props(submitted, _services));

        _rollCall = new RollCall((asker, list) => asker.Tell(_book.Page(list)));

        Recover<SnapshotOffer>(offer =>
        {
            _book.Restore((RegistrySnapshot)offer.Snapshot);
            _compaction.Restored(offer.Metadata.SequenceNr);
        });
        Recover<RegistryFact>(fact => _book.Add(fact));
        Recover<RecoveryCompleted>(_ =>
        {
            foreach (var job in _book.Live)
            {
                _book.Remark(job.Submitted.Job, "The node has just started and reads the job's journal.");
                _rollCall.Expect(job.Submitted.Job);
                _children.Start(job.Submitted);
            }

            Timers.StartSingleTimer(nameof(RollCall), new RollCallEnds(), RollCall.Patience);
            Compact();
        });
        Command<Submit>(Take);
        Command<Inspected>(Store);
        Command<NotInspected>(failed => Refuse(failed.RequestId, failed.Reason));
        Command<ListJobs>(list => _rollCall.Take(Sender, list));
        Command<RollCallEnds>(_ => _rollCall.End());
        Command<GetJob>(get => Ask(get.Job, get));
        Command<Cancel>(cancel => Ask(cancel.Job, cancel));
        Command<Pause>(pause => Ask(pause.Job, pause));
        Command<Resume>(resume => Ask(resume.Job, resume));
        Command<GetModel>(get => Ask(get.Job, get));
        Command<Watch>(watch => Ask(watch.Job, watch));
        Command<TrainingJobActor.Reported>(Take);
        Command<Terminated>(ended =>
        {
            if (_children.Ended(ended.ActorRef, Timers) is { } job)
            {
                _book.Remark(job, "The job's actor broke and is started again; node.log says why.");
                _rollCall.Heard(job);
            }
        });
        Command<JobChildren.StartAgain>(again =>
        {
            if (_book.Find(again.Job) is { HasEnded: false } job)
            {
                _children.Start(job.Submitted);
            }
        });
        Command<Drain>(_ => BeginDrain());
        CommandCompaction();
    }

    public override string PersistenceId => "job-registry";

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(RunServices services) => Akka.Actor.Props.Create(() => new JobRegistryActor(services));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        cause =>
        {
            // Recovered from its journal after a pause, in a new incarnation.
            Context.GetLogger().Error(cause, "A job's actor broke");
            return Directive.Stop;
        },
        loggingEnabled: false);

    /// <summary>P12: every job is asked for a checkpoint at its next edge; what has none in time goes on from an older one.</summary>
    private void BeginDrain()
    {
        if (NodeDeparture.IsDowned(Context.System))
        {
            Context.Stop(Self);
            return;
        }

        var resting = new HashSet<IActorRef>(_children.Running);
        foreach (var child in resting)
        {
            child.Tell(new TrainingJobActor.Drain());
        }

        Timers.StartSingleTimer(nameof(DrainEnds), new DrainEnds(), DrainPatience);
        Become(() =>
        {
            Command<TrainingJobActor.Drained>(_ => Rests(Sender));
            Command<Terminated>(ended => Rests(ended.ActorRef));
            Command<DrainEnds>(_ => Context.Stop(Self));
            Command<TrainingJobActor.Reported>(reported => _book.Update(reported.View));
            CommandAny(_ => { });
        });
        Rests(Self);

        void Rests(IActorRef child)
        {
            resting.Remove(child);
            if (resting.Count == 0)
            {
                Context.Stop(Self);
            }
        }
    }

    private void Ask(JobId id, object request)
    {
        if (_book.Find(id) is not { } job)
        {
            Sender.Tell(new JobNotFound(id));
        }
        else if (request is GetJob && _children.Find(id) is null)
        {
            Sender.Tell(job.View);
        }
        else
        {
            _children.Start(job.Submitted).Forward(request);
        }
    }

    private void Take(Submit submit)
    {
        if (_book.FindRequest(submit.RequestId) is { } known)
        {
            Ask(known.Submitted.Job, new GetJob(known.Submitted.Job));
            return;
        }

        if (_pending.TryGetValue(submit.RequestId, out var pending))
        {
            pending.Askers.Add(Sender);
            return;
        }

        var job = submit.Job ?? IdOf(submit.RequestId);
        if (ReasonToRefuse(submit, job) is { } reason)
        {
            Sender.Tell(new Refused(reason));
            return;
        }

        _pending.Add(submit.RequestId, new PendingSubmission(job, [Sender]));
        _services.Runs.OpenAsync(submit.Spec.Recipe).PipeTo(
            Self,
            success: run => new Inspected(WithDefaults(submit, run), RunShape.Of(run, run.Shards(submit.Spec.Placement.ParameterShards))),
            failure: cause => new NotInspected(submit.RequestId, cause.GetBaseException().Message));
    }

    /// <summary>What depends on the data is filled in before the job is stored: it stays what it is.</summary>
    private static Submit WithDefaults(Submit submit, TrainingRun run)
    {
        var placement = submit.Spec.Placement;
        return placement.CheckpointInterval != DefaultCheckpointInterval.Unset
            ? submit
            : submit with { Spec = submit.Spec with { Placement = placement with { CheckpointInterval = DefaultCheckpointInterval.Of(run) } } };
    }

    private string? ReasonToRefuse(Submit submit, JobId job)
    {
        if (submit.RequestId.Length is 0 or > 64)
        {
            return $"The request id has {submit.RequestId.Length} characters; it must have from 1 to 64.";
        }

        if (!JobBook.IsJobId(job.Value))
        {
            return $"The job id is \"{job}\"; it must be a lower-case letter and at most 61 further letters, digits or hyphens.";
        }

        if (_book.Find(job) is not null || _pending.Values.Any(pending => pending.Job == job))
        {
            return $"There is a job {job} already; choose another id.";
        }

        if (_pending.Count >= MaximumPending)
        {
            return $"{MaximumPending} submissions are being looked at, the most at once; try again in a moment.";
        }

        if (_book.IsFull)
        {
            return $"{JobBook.MaximumJobs} jobs have not ended, the most there may be; cancel one.";
        }

        var violations = RecipeValidation.Check(submit.Spec);
        return violations.IsEmpty ? null : string.Join(Environment.NewLine, violations);
    }

    private void Store(Inspected inspected)
    {
        var submit = inspected.Submit;
        var fact = new RegistryFact.JobRegistered(submit.RequestId, new JobFact.Submitted(
            _pending[submit.RequestId].Job,
            submit.Spec,
            RecipeIdentity.Sha256(submit.Spec.Recipe),
            ArithmeticVersion.Current,
            inspected.Shape,
            DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())));
        Persist(fact, stored =>
        {
            _book.Add(stored);
            _children.Start(stored.Submitted);
            _pending.Remove(stored.RequestId, out var pending);
            var view = _book.Find(stored.Submitted.Job)!.View;
            foreach (var asker in pending!.Askers)
            {
                asker.Tell(view);
            }

            Compact();
        });
    }

    private void Refuse(string requestId, string reason)
    {
        _pending.Remove(requestId, out var pending);
        foreach (var asker in pending!.Askers)
        {
            asker.Tell(new Refused(Sentence.Of(reason)));
        }
    }

    private void Take(TrainingJobActor.Reported reported)
    {
        if (reported.HasEnded && _book.Find(reported.View.Job) is { HasEnded: false })
        {
            Persist(new RegistryFact.JobEnded(reported.View), stored =>
            {
                _book.Add(stored);
                _children.JobEnded(stored.View.Job);
                _rollCall.Heard(stored.View.Job);
                Compact();
            });
        }
        else
        {
            _book.Update(reported.View);
            _rollCall.Heard(reported.View.Job);
            if (reported.HasEnded)
            {
                _children.JobEnded(reported.View.Job);
            }
        }
    }

    private void CommandCompaction()
    {
        Command<SaveSnapshotSuccess>(saved =>
        {
            if (_compaction.Saved(saved.Metadata.SequenceNr) is var before and > 0)
            {
                DeleteMessages(before);
                DeleteSnapshots(new SnapshotSelectionCriteria(before - 1));
            }
        });
        Command<SaveSnapshotFailure>(failed =>
        {
            _compaction.NotSaved();
            Context.GetLogger().Warning("The registry's snapshot was not stored: {0}", StoreFailure.Reason(failed.Cause));
        });
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteMessagesFailure>(failed => StaysBehind(failed.Cause));
        Command<DeleteSnapshotsFailure>(failed => StaysBehind(failed.Cause));

        void StaysBehind(Exception cause) =>
            Context.GetLogger().Warning("Old events or snapshots of the registry stay for now: {0}", StoreFailure.Reason(cause));
    }

    private void Compact()
    {
        if (_compaction.IsDue(LastSequenceNr))
        {
            SaveSnapshot(_book.ToSnapshot());
        }
    }

    /// <summary>A function of the request id, so that a repeated submission would make the same name.</summary>
    private static JobId IdOf(string requestId) =>
        new("job-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(requestId)))[..12]);

    private sealed record PendingSubmission(JobId Job, HashSet<IActorRef> Askers);

    private sealed record Inspected(Submit Submit, RunShape Shape);

    private sealed record RollCallEnds;

    private sealed record DrainEnds;

    private sealed record NotInspected(string RequestId, string Reason);

    /// <summary>From the node, in the place of a poison pill: the jobs rest, then the registry stops (P12).</summary>
    public sealed record Drain;
}
