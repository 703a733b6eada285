using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Grpc.Core;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>
/// Subscribes to one job for one watcher and keeps its sequence growing: what was seen is not said
/// again, neither after a recovery repeats steps (P8) nor after this actor asked again (P6).
/// </summary>
/// <remarks>
/// A snapshot has no place of its own in the sequence: the opening one is newer than the events that
/// follow it, and a job may be paused and resumed between two steps. It passes if it tells a new state,
/// under the number of the newest event before it, so that it hides none.
/// </remarks>
internal sealed class JobWatcher : ReceiveActor
{
    private readonly JobId _job;
    private readonly IActorRef _registry;
    private readonly WatchBuffer _buffer;
    private readonly TimeSpan _again;
    private long _sequence;
    private (JobState State, string Reason)? _told;

    /// <param name="after">The last event that the client has seen.</param>
    /// <param name="again">Silence after which the registry is asked again.</param>
    public JobWatcher(JobId job, long after, IActorRef registry, WatchBuffer buffer, TimeSpan again)
    {
        (_job, _sequence, _registry, _buffer, _again) = (job, after, registry, buffer, again);

        Receive<JobEvent.Snapshot>(TakeSnapshot);
        Receive<JobEvent>(Take);
        Receive<WatchEnded>(_ => End(null));
        Receive<JobNotFound>(missing => End(RegistryClient.NotFound(missing.Job)));
        Receive<Refused>(refused => End(ApiError.Of(StatusCode.ResourceExhausted, ErrorReason.WatchesBusy, refused.Reason)));
        Receive<ReceiveTimeout>(_ => Ask());
    }

    protected override void PreStart() => Ask();

    protected override void PostStop() => _buffer.End(new NodeStoppingException());

    private void Ask()
    {
        _registry.Tell(new Watch(_job, _sequence, Self));
        Context.SetReceiveTimeout(_again);
    }

    private void TakeSnapshot(JobEvent.Snapshot snapshot)
    {
        var state = (snapshot.Job.State, snapshot.Job.Reason);
        if (state != _told)
        {
            _told = state;
            Add(snapshot with { Sequence = _sequence });
        }
    }

    private void Take(JobEvent happened)
    {
        if (happened.Sequence > _sequence)
        {
            _sequence = happened.Sequence;
            Add(happened);
        }
    }

    private void Add(JobEvent happened)
    {
        if (!_buffer.TryAdd(happened))
        {
            End(ApiError.Of(
                StatusCode.ResourceExhausted,
                ErrorReason.WatchTooSlow,
                "the watcher reads too slowly and events that it must not miss outgrew the buffer; watch again after the last sequence seen"));
        }
    }

    private void End(Exception? error)
    {
        _buffer.End(error);
        Context.Stop(Self);
    }
}
