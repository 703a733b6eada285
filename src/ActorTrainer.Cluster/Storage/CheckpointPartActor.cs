using System.Security.Cryptography;
using ActorTrainer.Cluster.Hosting;
using Akka.Actor;
using Akka.Persistence;

namespace ActorTrainer.Cluster.Storage;

/// <summary>
/// Stores and reads parts of checkpoints, one at a time (P9): what it says is saved was read back and
/// hashed. It speaks with the snapshot store itself, as a part has no events to be recovered from.
/// </summary>
internal sealed class CheckpointPartActor : ReceiveActor, IWithStash
{
    /// <summary>A part lies alone under its persistence id.</summary>
    private const long SequenceNumber = 1;

    private readonly IActorRef _store = Persistence.Instance.Apply(Context.System).SnapshotStoreFor(null);
    private readonly TimeSpan _patience;

    /// <param name="patience">How long the store may be silent before a part counts as failed.</param>
    public CheckpointPartActor(TimeSpan patience)
    {
        _patience = patience;
        Idle();
    }

    public IStash Stash { get; set; } = null!;

    public static Props Props { get; } =
        Props.Create(() => new CheckpointPartActor(TimeSpan.FromSeconds(120))).WithDispatcher(NodeConfiguration.ArithmeticDispatcher);

    private void Idle()
    {
        Receive<Save>(save =>
        {
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(save.Content.Span));
            _store.Tell(new SaveSnapshot(
                new SnapshotMetadata(save.Key.PersistenceId, SequenceNumber, DateTime.UtcNow), new CheckpointPart(save.Content, sha256)));
            BecomeWaiting(() => Saving(save, sha256, Sender));
        });
        Receive<Load>(load =>
        {
            AskStore(load.Key);
            BecomeWaiting(() => Loading(load, Sender));
        });
    }

    private void Saving(Save save, string sha256, IActorRef asker)
    {
        Receive<SaveSnapshotSuccess>(_ => AskStore(save.Key));
        Receive<SaveSnapshotFailure>(failure => Answer(asker, new NotSaved(save.Key, Reason(failure.Cause))));
        Receive<LoadSnapshotResult>(result => Answer(
            asker,
            PartOf(result) is not { } part ? new NotSaved(save.Key, "it was written, but cannot be found")
                : HashOf(part) != sha256 ? new NotSaved(save.Key, "what was read back is not what was written")
                : new Saved(save.Key, sha256)));
        Receive<LoadSnapshotFailed>(failure => Answer(asker, new NotSaved(save.Key, Reason(failure.Cause))));
        Receive<ReceiveTimeout>(_ => Answer(asker, new NotSaved(save.Key, Silence)));
        ReceiveAny(_ => Stash.Stash());
    }

    private void Loading(Load load, IActorRef asker)
    {
        Receive<LoadSnapshotResult>(result => Answer(
            asker,
            PartOf(result) is not { } part ? new Unreadable(load.Key, "it is not there")
                : HashOf(part) is var found && found != load.Sha256 ? new Unreadable(load.Key, $"its hash is {found}; {load.Sha256} was recorded")
                : new Loaded(load.Key, part.Content)));
        Receive<LoadSnapshotFailed>(failure => Answer(asker, new Unreadable(load.Key, Reason(failure.Cause))));
        Receive<ReceiveTimeout>(_ => Answer(asker, new Unreadable(load.Key, Silence)));
        ReceiveAny(_ => Stash.Stash());
    }

    private string Silence => $"the store was silent for {_patience.TotalSeconds:0} s";

    private static CheckpointPart? PartOf(LoadSnapshotResult result) => result.Snapshot?.Snapshot as CheckpointPart;

    private static string HashOf(CheckpointPart part) => Convert.ToHexStringLower(SHA256.HashData(part.Content.Span));

    private static string Reason(Exception cause) => (cause is AggregateException { InnerException: { } inner } ? inner : cause).Message;

    private void AskStore(PartKey key) =>
        _store.Tell(new LoadSnapshot(key.PersistenceId, SnapshotSelectionCriteria.Latest, SequenceNumber));

    private void BecomeWaiting(Action waiting)
    {
        Become(waiting);
        SetReceiveTimeout(_patience);
    }

    private void Answer(IActorRef asker, object answer)
    {
        asker.Tell(answer);
        SetReceiveTimeout(null);
        Become(Idle);
        Stash.UnstashAll();
    }

    /// <summary>Store this. Reply: <see cref="Saved"/>, or <see cref="NotSaved"/>.</summary>
    /// <param name="Content">Not to be changed before the reply.</param>
    public sealed record Save(PartKey Key, ReadOnlyMemory<byte> Content);

    public sealed record Saved(PartKey Key, string Sha256);

    public sealed record NotSaved(PartKey Key, string Reason);

    /// <summary>Read what was recorded with this hash. Reply: <see cref="Loaded"/>, or <see cref="Unreadable"/>.</summary>
    public sealed record Load(PartKey Key, string Sha256);

    public sealed record Loaded(PartKey Key, ReadOnlyMemory<byte> Content);

    public sealed record Unreadable(PartKey Key, string Reason);
}
