using System.Security.Cryptography;
using ActorTrainer.Cluster.Hosting;
using Akka.Actor;
using Akka.Persistence;

namespace ActorTrainer.Cluster.Storage;

/// <summary>
/// Stores and reads parts of checkpoints, one at a time (P9): what it says is saved was read back and
/// hashed. It speaks with the snapshot store itself, as a part has no events to be recovered from.
/// </summary>
/// <remarks>
/// Idle → Saving → Checking, chunk by chunk; or Idle → Loading. A store that is away says nothing about what
/// lies in it: a part is then asked for again, every second, since without it nothing can begin.
/// </remarks>
internal sealed class CheckpointPartActor : ReceiveActor, IWithStash, IWithTimers
{
    /// <summary>Most bytes of a chunk: what even a slow disk takes well within the store's patience.</summary>
    public const int ChunkBytes = 8 << 20;

    /// <summary>A part lies alone under its persistence id; its chunks have these numbers.</summary>
    private const int FirstChunk = 1;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly IActorRef _store = Persistence.Instance.Apply(Context.System).SnapshotStoreFor(null);
    private readonly TimeSpan _patience;
    private readonly int _maximumAttempts;

    /// <param name="patience">How long the store may be silent about one chunk.</param>
    /// <param name="maximumAttempts">To read a chunk from a store that is away.</param>
    public CheckpointPartActor(TimeSpan patience, int maximumAttempts)
    {
        (_patience, _maximumAttempts) = (patience, maximumAttempts);
        Idle();
    }

    public IStash Stash { get; set; } = null!;

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>An hour of a store that is away; by then somebody has noticed.</summary>
    public static Props Props { get; } =
        Props.Create(() => new CheckpointPartActor(TimeSpan.FromSeconds(120), 3600)).WithDispatcher(NodeConfiguration.ArithmeticDispatcher);

    private void Idle()
    {
        Receive<Save>(save =>
        {
            var part = new Whole(save.Key, save.Content, Convert.ToHexStringLower(SHA256.HashData(save.Content.Span)), Sender);
            SaveChunk(part, FirstChunk);
        });
        Receive<Load>(load => LoadChunk(new Joined(load, Sender), attempt: 1));
    }

    private void SaveChunk(Whole part, int chunk)
    {
        var content = part.Content.Slice((chunk - FirstChunk) * ChunkBytes);
        content = content[..Math.Min(content.Length, ChunkBytes)];
        _store.Tell(new SaveSnapshot(
            new SnapshotMetadata(part.Key.PersistenceId, chunk, DateTime.UtcNow),
            new CheckpointPart(content, part.Sha256, part.Chunks, part.Content.Length)));
        BecomeWaiting(() =>
        {
            Receive<SaveSnapshotSuccess>(_ =>
            {
                if (chunk < part.Chunks)
                {
                    SaveChunk(part, chunk + 1);
                }
                else
                {
                    CheckChunk(part, IncrementalHash.CreateHash(HashAlgorithmName.SHA256), FirstChunk);
                }
            });
            Receive<SaveSnapshotFailure>(failure => Fail(StoreFailure.Reason(failure.Cause)));
            Receive<ReceiveTimeout>(_ => Fail(Silence));
            ReceiveAny(_ => Stash.Stash());
        });

        void Fail(string reason) => Answer(part.Asker, new NotSaved(part.Key, reason));
    }

    private void CheckChunk(Whole part, IncrementalHash hash, int chunk)
    {
        AskStore(part.Key, chunk);
        BecomeWaiting(() =>
        {
            Receive<LoadSnapshotResult>(result =>
            {
                if (PartOf(result, chunk) is not { } read)
                {
                    Finish(new NotSaved(part.Key, "it was written, but cannot be found"));
                    return;
                }

                hash.AppendData(read.Content.Span);
                if (chunk < part.Chunks)
                {
                    CheckChunk(part, hash, chunk + 1);
                    return;
                }

                Finish(Convert.ToHexStringLower(hash.GetCurrentHash()) == part.Sha256
                    ? new Saved(part.Key, part.Sha256)
                    : new NotSaved(part.Key, "what was read back is not what was written"));
            });
            Receive<LoadSnapshotFailed>(failure => Finish(new NotSaved(part.Key, StoreFailure.Reason(failure.Cause))));
            Receive<ReceiveTimeout>(_ => Finish(new NotSaved(part.Key, Silence)));
            ReceiveAny(_ => Stash.Stash());
        });

        void Finish(object answer)
        {
            hash.Dispose();
            Answer(part.Asker, answer);
        }
    }

    private void LoadChunk(Joined part, int attempt)
    {
        AskStore(part.Key, part.Chunk);
        BecomeWaiting(() =>
        {
            Receive<LoadSnapshotResult>(result =>
            {
                if (part.Add(PartOf(result, part.Chunk)) is { } answer)
                {
                    Answer(part.Asker, answer);
                }
                else
                {
                    LoadChunk(part, attempt: 1);
                }
            });
            Receive<LoadSnapshotFailed>(failure => Failed(StoreFailure.Reason(failure.Cause), StoreFailure.IsPassing(failure.Cause)));
            Receive<ReceiveTimeout>(_ => Failed(Silence, mayPass: true));
            ReceiveAny(_ => Stash.Stash());
        });

        void Failed(string reason, bool mayPass)
        {
            if (!mayPass || attempt >= _maximumAttempts)
            {
                Answer(part.Asker, new Unreadable(part.Key, reason));
                return;
            }

            Timers.StartSingleTimer(nameof(AskAgain), new AskAgain(), BetweenAttempts);
            SetReceiveTimeout(null);
            Become(() =>
            {
                Receive<AskAgain>(_ => LoadChunk(part, attempt + 1));
                ReceiveAny(_ => Stash.Stash());
            });
        }
    }

    private string Silence => $"the store was silent for {_patience.TotalSeconds:0} s";

    /// <summary>The chunk, and not one of a lower number, which the store may offer in its place.</summary>
    private static CheckpointPart? PartOf(LoadSnapshotResult result, int chunk) =>
        result.Snapshot is { Metadata.SequenceNr: var found } snapshot && found == chunk ? snapshot.Snapshot as CheckpointPart : null;

    private void AskStore(PartKey key, int chunk) =>
        _store.Tell(new LoadSnapshot(key.PersistenceId, new SnapshotSelectionCriteria(chunk, DateTime.MaxValue, chunk), chunk));

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

    private sealed record AskAgain;

    /// <summary>A part on its way out.</summary>
    private sealed record Whole(PartKey Key, ReadOnlyMemory<byte> Content, string Sha256, IActorRef Asker)
    {
        public int Chunks { get; } = Math.Max(1, (Content.Length + ChunkBytes - 1) / ChunkBytes);
    }

    /// <summary>A part on its way in: the chunks so far.</summary>
    private sealed class Joined(Load load, IActorRef asker)
    {
        private byte[] _content = [];
        private int _filled;

        public PartKey Key => load.Key;

        public IActorRef Asker => asker;

        /// <summary>The one that is missed.</summary>
        public int Chunk { get; private set; } = FirstChunk;

        /// <returns>The answer; null: there is a further chunk to ask for.</returns>
        public object? Add(CheckpointPart? read)
        {
            if (read is null)
            {
                return new Unreadable(Key, Chunk == FirstChunk ? "it is not there" : $"its chunk {Chunk} is not there");
            }

            // The common case: not copied.
            if (Chunk == FirstChunk && read.Chunks <= 1)
            {
                return Checked(read.Content);
            }

            if (Chunk == FirstChunk && read.TotalBytes > 0 && read.TotalBytes <= Array.MaxLength)
            {
                _content = new byte[read.TotalBytes];
            }

            if (read.Content.Length > _content.Length - _filled)
            {
                return new Unreadable(Key, $"it has more bytes than the {_content.Length} it says");
            }

            read.Content.CopyTo(_content.AsMemory(_filled));
            _filled += read.Content.Length;
            return Chunk++ < read.Chunks ? null : Checked(_content.AsMemory(0, _filled));
        }

        private object Checked(ReadOnlyMemory<byte> content) =>
            Convert.ToHexStringLower(SHA256.HashData(content.Span)) is var found && found == load.Sha256
                ? new Loaded(Key, content)
                : new Unreadable(Key, $"its hash is {found}; {load.Sha256} was recorded");
    }
}
