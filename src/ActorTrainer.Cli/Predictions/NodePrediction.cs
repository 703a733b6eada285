using System.Collections.Immutable;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Contracts.V1;
using ActorTrainer.Data.Predictions;
using ActorTrainer.Gateway.Errors;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Past = ActorTrainer.Training.Predictions.ForecastPast;

namespace ActorTrainer.Cli.Predictions;

/// <summary>Asks a node for a prediction.</summary>
internal static class NodePrediction
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Sends the data, and gives what comes to whoever uses it, before the call ends.</summary>
    /// <param name="source">What the data is called in messages.</param>
    /// <exception cref="UsageException">The data is not what the model takes in.</exception>
    public static async Task UseAsync(
        NodeClient client, string job, Stream data, DataFormat format, string source, Action<Answer> use, CancellationToken cancellation)
    {
        using var call = client.Models.Predict(cancellationToken: cancellation);
        try
        {
            await SendAsync(call.RequestStream, new PredictHeader { JobId = job, Input = format, Output = DataFormat.JsonLines }, data, cancellation);
            if (!await call.ResponseStream.MoveNext(cancellation) || call.ResponseStream.Current.Header is not { } header)
            {
                throw new FailureException($"the node sent no header for the prediction of {job}");
            }

            using var answer = new ResponseStream(call.ResponseStream, cancellation);
            var (columns, rows) = PredictionJson.Read(answer, (int)header.Labels);
            use(new Answer(columns, rows, PastOf(header.Past)));
        }
        catch (RpcException refused) when (refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason == ErrorReason.DataInvalid)
        {
            throw new UsageException($"{source}: {refused.Status.Detail}");
        }
        catch (FormatException broken)
        {
            throw new FailureException($"the node's answer cannot be read: {broken.Message}");
        }
    }

    private static async Task SendAsync(IClientStreamWriter<PredictRequest> requests, PredictHeader header, Stream data, CancellationToken cancellation)
    {
        try
        {
            await requests.WriteAsync(new PredictRequest { Header = header }, cancellation);
            var buffer = new byte[ChunkBytes];
            int read;
            while ((read = await data.ReadAtLeastAsync(buffer, ChunkBytes, throwOnEndOfStream: false, cancellation)) > 0)
            {
                await requests.WriteAsync(new PredictRequest { Chunk = ByteString.CopyFrom(buffer, 0, read) }, cancellation);
            }

            await requests.CompleteAsync();
        }
        catch (Exception ended) when (ended is InvalidOperationException or RpcException && !cancellation.IsCancellationRequested)
        {
            // The node has answered already; why, the answer says.
        }
    }

    private static Past? PastOf(ForecastPast? past) => past is null
        ? null
        : new Past([.. past.Rows], [.. past.Targets.Select(target => target.Target)], [.. past.Targets.Select(target => target.Values.ToImmutableArray())]);
}
