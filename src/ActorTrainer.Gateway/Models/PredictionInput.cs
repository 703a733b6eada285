using System.Globalization;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Gateway.Jobs;
using ActorTrainer.Training.Predictions;
using Grpc.Core;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Models;

/// <summary>The stream of a prediction's request: a header, then the data, bounded in bytes and in patience.</summary>
internal sealed class PredictionInput(IAsyncStreamReader<Proto.PredictRequest> requests, GatewayOptions options, CancellationToken cancellation) : IDisposable
{
    private const int MaxChunkBytes = 64 * 1024;

    private readonly CancellationTokenSource _stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

    /// <summary>The header; its formats make sense, whether the model takes them is not known yet.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT, or ABORTED: nothing came for too long.</exception>
    public async Task<Proto.PredictHeader> ReadHeader()
    {
        if (!await Advance() || requests.Current.PartCase != Proto.PredictRequest.PartOneofCase.Header)
        {
            throw ApiError.InvalidArgument("header", "no header", "a header with job_id as the first message");
        }

        var header = requests.Current.Header;
        var problems = new FieldProblems();
        JobNames.CheckJobId(header.JobId, problems);
        if (header.Output is not (Proto.DataFormat.Unspecified or Proto.DataFormat.Csv or Proto.DataFormat.JsonLines))
        {
            problems.Add("header.output", $"{header.Output}", "CSV or JSON_LINES");
        }

        var violations = problems.With([]);
        return violations.IsEmpty ? header : throw ApiError.InvalidArgument(violations);
    }

    /// <summary>The format that the data is said to be in; null: the usual one.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: the model does not predict from it.</exception>
    public static PredictionFormat? FormatOf(Proto.DataFormat format, IReadOnlyCollection<PredictionFormat> formats)
    {
        PredictionFormat? asked = format switch
        {
            Proto.DataFormat.Csv => PredictionFormat.Csv,
            Proto.DataFormat.JsonLines => PredictionFormat.JsonLines,
            Proto.DataFormat.Idx => PredictionFormat.Idx,
            _ => null,
        };
        return format == Proto.DataFormat.Unspecified || (asked is { } known && formats.Contains(known))
            ? asked
            : throw ApiError.InvalidArgument("header.input", $"{format}", string.Join(" or ", formats.Select(Name)));

        static string Name(PredictionFormat format) => format switch
        {
            PredictionFormat.JsonLines => "JSON_LINES",
            PredictionFormat.Idx => "IDX",
            _ => "CSV",
        };
    }

    /// <summary>All of the data.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: a chunk is none, or there is too much; ABORTED: nothing came for too long.</exception>
    public async Task<MemoryStream> ReadData()
    {
        var data = new MemoryStream();
        while (await Advance())
        {
            if (requests.Current.PartCase != Proto.PredictRequest.PartOneofCase.Chunk)
            {
                throw ApiError.InvalidArgument("chunk", "another header, or nothing", "chunks after the header");
            }

            var chunk = requests.Current.Chunk.Memory;
            if (chunk.Length is 0 or > MaxChunkBytes)
            {
                throw ApiError.InvalidArgument("chunk", $"{chunk.Length} bytes", $"1 to {MaxChunkBytes} bytes");
            }

            if (data.Length + chunk.Length > options.MaxPredictionBytes)
            {
                throw ApiError.InvalidArgument(
                    "chunk", $"more than {options.MaxPredictionBytes.ToString(CultureInfo.InvariantCulture)} bytes in all", "at most so many; split the data");
            }

            data.Write(chunk.Span);
        }

        data.Position = 0;
        return data;
    }

    public void Dispose() => _stall.Dispose();

    private async Task<bool> Advance()
    {
        try
        {
            _stall.CancelAfter(TimeSpan.FromSeconds(options.UploadStallSeconds));
            var more = await requests.MoveNext(_stall.Token);
            _stall.CancelAfter(Timeout.Infinite);
            return more;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw ApiError.Of(
                StatusCode.Aborted, ErrorReason.PredictionStalled, $"nothing came for {options.UploadStallSeconds} s; send the data again from the start");
        }
    }
}
