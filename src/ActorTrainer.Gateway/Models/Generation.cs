using System.Text;
using System.Threading.Channels;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Data;
using ActorTrainer.Training.Models;

namespace ActorTrainer.Gateway.Models;

/// <summary>
/// One text as a model writes it, on a thread of its own: the arithmetic would hold up the pool's
/// threads, on which calls and heartbeats run. The writer is at most a bounded piece ahead of its reader.
/// </summary>
internal sealed class Generation : IAsyncDisposable
{
    private const int MaxAhead = 1_024;
    private const int MaxPiece = 4_096;

    private readonly Channel<string> _written = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MaxAhead) { SingleReader = true, SingleWriter = true });

    private readonly CancellationTokenSource _leaving;
    private readonly Task _writing;

    public Generation(ModelView model, Vocabulary vocabulary, GenerationRequest request, CancellationToken cancellation)
    {
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _writing = Task.Factory.StartNew(
            () => Write(model, vocabulary, request, _leaving.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What was written since the last call, at least a character.</summary>
    /// <returns>Null at the end.</returns>
    /// <exception cref="InvalidTextException">The model never saw a character of the prime.</exception>
    public async ValueTask<string?> Next()
    {
        if (!await _written.Reader.WaitToReadAsync(_leaving.Token))
        {
            await _writing;
            return null;
        }

        var piece = new StringBuilder();
        while (piece.Length < MaxPiece && _written.Reader.TryRead(out var text))
        {
            piece.Append(text);
        }

        return piece.ToString();
    }

    /// <summary>Stops the writer and waits until it has left the model.</summary>
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leaving.Dispose();
    }

    private void Write(ModelView model, Vocabulary vocabulary, GenerationRequest request, CancellationToken leaving)
    {
        try
        {
            using var generator = new TextGenerator(model.Recipe, vocabulary, model.Weights.AsSpan());
            foreach (var text in generator.Write(request))
            {
                leaving.ThrowIfCancellationRequested();
                while (!_written.Writer.TryWrite(text))
                {
                    _written.Writer.WaitToWriteAsync(leaving).AsTask().GetAwaiter().GetResult();
                }
            }
        }
        finally
        {
            _written.Writer.Complete();
        }
    }
}
