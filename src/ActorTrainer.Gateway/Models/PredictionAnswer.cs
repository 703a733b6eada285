using System.Buffers;
using System.IO.Pipelines;
using ActorTrainer.Data.Predictions;
using ActorTrainer.Training.Predictions;
using Google.Protobuf;
using Grpc.Core;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Models;

/// <summary>
/// One prediction as it is computed, on a thread of its own: the arithmetic would hold up the pool's
/// threads, on which calls and heartbeats run. It is at most a bounded piece ahead of its reader.
/// </summary>
internal sealed class PredictionAnswer : IAsyncDisposable
{
    private const int ChunkBytes = 64 * 1024;
    private const int MaxAheadBytes = 1024 * 1024;

    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: MaxAheadBytes, resumeWriterThreshold: MaxAheadBytes / 2, useSynchronizationContext: false));
    private readonly TaskCompletionSource<Prediction> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _leaving;
    private readonly Task _computing;

    /// <param name="predict">Makes the prediction, and disposes what it needs for it when its rows have been gone through.</param>
    public PredictionAnswer(Func<Prediction> predict, Proto.DataFormat output, CancellationToken cancellation)
    {
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _computing = Task.Factory.StartNew(
            () => Compute(predict, output, _leaving.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Writes header and chunks to their end.</summary>
    /// <exception cref="Data.InvalidDataSetException">The data is not what the model takes in; nothing was written.</exception>
    public async Task WriteTo(IServerStreamWriter<Proto.PredictResponse> responses, long step)
    {
        var prediction = await _ready.Task;
        await responses.WriteAsync(new Proto.PredictResponse { Header = Header(prediction, step) }, _leaving.Token);
        ReadResult read;
        do
        {
            read = await _pipe.Reader.ReadAtLeastAsync(ChunkBytes, _leaving.Token);
            var rest = read.Buffer;
            while (!rest.IsEmpty)
            {
                var chunk = rest.Slice(0, Math.Min(ChunkBytes, rest.Length));
                await responses.WriteAsync(new Proto.PredictResponse { Chunk = ByteString.CopyFrom(chunk.ToArray()) }, _leaving.Token);
                rest = rest.Slice(chunk.Length);
            }

            _pipe.Reader.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted);
        await _computing;
    }

    /// <summary>Stops the arithmetic and waits until it has left the model.</summary>
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _pipe.Reader.CompleteAsync();
        await _computing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leaving.Dispose();
    }

    private void Compute(Func<Prediction> predict, Proto.DataFormat output, CancellationToken leaving)
    {
        try
        {
            var prediction = predict();
            _ready.SetResult(prediction);
            using var stream = _pipe.Writer.AsStream(leaveOpen: true);
            var rows = prediction.Rows.TakeWhile(_ => !leaving.IsCancellationRequested);
            if (output == Proto.DataFormat.JsonLines)
            {
                PredictionJson.Write(prediction.Columns, rows, stream);
            }
            else
            {
                PredictionCsv.Write(prediction.Columns, rows, stream);
            }

            leaving.ThrowIfCancellationRequested();
            _pipe.Writer.Complete();
        }
        catch (Exception failure)
        {
            _ready.TrySetException(failure);
            _pipe.Writer.Complete(failure);
            throw;
        }
    }

    private static Proto.PredictionHeader Header(Prediction prediction, long step)
    {
        var header = new Proto.PredictionHeader { Step = (ulong)step, Labels = (uint)prediction.Columns.Labels.Length };
        if (prediction.Past is { } past)
        {
            header.Past = new Proto.ForecastPast { Rows = { past.Rows } };
            for (var target = 0; target < past.Targets.Length; target++)
            {
                header.Past.Targets.Add(new Proto.PastValues { Target = past.Targets[target], Values = { past.Values[target] } });
            }
        }

        return header;
    }
}
