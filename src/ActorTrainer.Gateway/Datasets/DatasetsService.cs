using System.Globalization;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Gateway.Hosting;
using Grpc.Core;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Datasets;

/// <summary>Data sets, as datasets.proto describes them.</summary>
internal sealed class DatasetsService(GatewayNode node, GatewayOptions options, Uploads uploads) : Proto.Datasets.DatasetsBase
{
    /// <summary>Bytes of a chunk; larger ones would live on the large object heap.</summary>
    public const int MaxChunkBytes = 64 * 1024;

    private const string Sha256Allowed = "64 lower-case hexadecimal digits";

    public override Task<Proto.Dataset> GetDataset(Proto.GetDatasetRequest request, ServerCallContext context)
    {
        if (!BlobStore.IsSha256(request.Sha256))
        {
            throw ApiError.InvalidArgument("sha256", $"\"{request.Sha256}\"", Sha256Allowed);
        }

        var length = node.Blobs.LengthOf(request.Sha256) ?? throw ApiError.Of(
            StatusCode.NotFound,
            ErrorReason.DatasetNotFound,
            $"the data set {request.Sha256} is not on this node; send it with UploadDataset",
            ("sha256", request.Sha256));
        return Task.FromResult(new Proto.Dataset { Sha256 = request.Sha256, Length = (ulong)length });
    }

    public override async Task<Proto.Dataset> UploadDataset(IAsyncStreamReader<Proto.UploadDatasetRequest> requests, ServerCallContext context)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        try
        {
            var header = await ReadHeader(requests, stall);
            if (node.Blobs.LengthOf(header.Sha256) is { } known)
            {
                return known == (long)header.Length
                    ? new Proto.Dataset { Sha256 = header.Sha256, Length = header.Length }
                    : throw ApiError.InvalidArgument("header.length", Text(header.Length), $"{Text(known)}, the length of the bytes with this SHA-256");
            }

            using var slot = uploads.TryTake() ?? throw ApiError.Of(
                StatusCode.ResourceExhausted,
                ErrorReason.UploadsBusy,
                $"{uploads.Count} uploads run, the most this node takes at once; try again when one has ended");
            return await Receive(header, requests, stall);
        }
        catch (OperationCanceledException) when (stall.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw ApiError.Of(
                StatusCode.Aborted,
                ErrorReason.UploadStalled,
                $"nothing came for {options.UploadStallSeconds} s and nothing was stored; upload again from the start");
        }
    }

    private async Task<Proto.UploadHeader> ReadHeader(IAsyncStreamReader<Proto.UploadDatasetRequest> requests, CancellationTokenSource stall)
    {
        if (!await Advance(requests, stall) || requests.Current.PartCase != Proto.UploadDatasetRequest.PartOneofCase.Header)
        {
            throw ApiError.InvalidArgument("header", "no header", "a header with sha256 and length as the first message");
        }

        var header = requests.Current.Header;
        var problems = new Jobs.FieldProblems();
        if (!BlobStore.IsSha256(header.Sha256))
        {
            problems.Add("header.sha256", $"\"{header.Sha256}\"", Sha256Allowed);
        }

        if (header.Length is 0 || header.Length > (ulong)node.Blobs.MaximumBytes)
        {
            problems.Add("header.length", Text(header.Length), $"1 to {Text(node.Blobs.MaximumBytes)} bytes");
        }

        var violations = problems.With([]);
        return violations.IsEmpty ? header : throw ApiError.InvalidArgument(violations);
    }

    /// <summary>Stores what comes, whole or not at all.</summary>
    private async Task<Proto.Dataset> Receive(
        Proto.UploadHeader header, IAsyncStreamReader<Proto.UploadDatasetRequest> requests, CancellationTokenSource stall)
    {
        await using var writer = node.Blobs.Create(header.Sha256);
        while (await Advance(requests, stall))
        {
            if (requests.Current.PartCase != Proto.UploadDatasetRequest.PartOneofCase.Chunk)
            {
                throw ApiError.InvalidArgument("chunk", "another header, or nothing", "chunks after the header");
            }

            var chunk = requests.Current.Chunk.Memory;
            if (chunk.Length is 0 or > MaxChunkBytes)
            {
                throw ApiError.InvalidArgument("chunk", $"{chunk.Length} bytes", $"1 to {MaxChunkBytes} bytes");
            }

            if ((ulong)(writer.Length + chunk.Length) > header.Length)
            {
                throw WrongLength(header, $"at least {writer.Length + chunk.Length} bytes came");
            }

            await writer.WriteAsync(chunk, stall.Token);
        }

        if ((ulong)writer.Length != header.Length)
        {
            throw WrongLength(header, $"{writer.Length} bytes came");
        }

        try
        {
            await writer.CommitAsync(stall.Token);
        }
        catch (BlobRefusedException refused)
        {
            throw ApiError.InvalidArgument("header.sha256", header.Sha256, $"the SHA-256 of what was sent. {refused.Message}");
        }

        return new Proto.Dataset { Sha256 = header.Sha256, Length = header.Length };
    }

    private async Task<bool> Advance(IAsyncStreamReader<Proto.UploadDatasetRequest> requests, CancellationTokenSource stall)
    {
        stall.CancelAfter(TimeSpan.FromSeconds(options.UploadStallSeconds));
        var more = await requests.MoveNext(stall.Token);
        stall.CancelAfter(Timeout.Infinite);
        return more;
    }

    private static RpcException WrongLength(Proto.UploadHeader header, string came) =>
        ApiError.InvalidArgument("header.length", Text(header.Length), $"the number of bytes sent ({came})");

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
