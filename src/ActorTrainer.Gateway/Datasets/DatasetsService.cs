using System.Globalization;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Data;
using ActorTrainer.Data.Summaries;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Gateway.Hosting;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Datasets;

/// <summary>Data sets, as datasets.proto describes them.</summary>
internal sealed class DatasetsService(GatewayNode node, GatewayOptions options, Uploads uploads, Descriptions descriptions) : Proto.Datasets.DatasetsBase
{
    /// <summary>Bytes of a chunk; larger ones would live on the large object heap.</summary>
    public const int MaxChunkBytes = 64 * 1024;

    private const string Sha256Allowed = "64 lower-case hexadecimal digits";

    private const int DefaultPage = 100;
    private const int LargestPage = 1_000;

    public override Task<Proto.Dataset> GetDataset(Proto.GetDatasetRequest request, ServerCallContext context) =>
        Task.FromResult(ToProto(Require(request.Sha256)));

    public override Task<Proto.ListDatasetsResponse> ListDatasets(Proto.ListDatasetsRequest request, ServerCallContext context)
    {
        if (request.PageSize is < 0 or > LargestPage)
        {
            throw ApiError.InvalidArgument("page_size", $"{request.PageSize}", $"0 (which means {DefaultPage}) to {LargestPage}");
        }

        var size = request.PageSize == 0 ? DefaultPage : request.PageSize;
        var rest = DatasetPages.After(request.PageToken, node.Blobs.List());
        return Task.FromResult(new Proto.ListDatasetsResponse
        {
            Datasets = { rest.Take(size).Select(ToProto) },
            NextPageToken = rest.Length > size ? DatasetPages.Token(rest[size - 1]) : "",
        });
    }

    public override async Task<Proto.DatasetDescription> DescribeDataset(Proto.DescribeDatasetRequest request, ServerCallContext context)
    {
        var blob = Require(request.Sha256);
        var problems = new Jobs.FieldProblems();
        var format = DescriptionMapping.FromProto(request.Format);
        if (format is null && request.Format != Proto.DataFormat.Unspecified)
        {
            problems.Add("format", $"{(int)request.Format}", "one of CSV, JSON_LINES, IDX, TEXT, or 0");
        }

        var table = new Jobs.DataReader(problems).ReadTable(request.Table, "table");
        if (!TableFormat.IsDelimiter(table.Delimiter))
        {
            problems.Add("table.delimiter", $"\"{table.Delimiter}\"", TableFormat.AllowedDelimiter);
        }

        var violations = problems.With([]);
        if (!violations.IsEmpty)
        {
            throw ApiError.InvalidArgument(violations);
        }

        using var slot = descriptions.TryTake() ?? throw ApiError.Of(
            StatusCode.ResourceExhausted,
            ErrorReason.DescriptionsBusy,
            $"{descriptions.Count} data sets are looked into, the most this node does at once; try again when one is done");
        try
        {
            var summary = await Task.Run(
                () =>
                {
                    using var file = new StoppableStream(node.Blobs.Open(blob.Sha256), context.CancellationToken);
                    return DataSummary.Read(file, format, table, DataLimits.Default);
                },
                context.CancellationToken);
            var description = DescriptionMapping.ToProto(summary);
            description.Dataset = ToProto(blob);
            return description;
        }
        catch (InvalidDataSetException invalid)
        {
            throw ApiError.InvalidData("sha256", invalid);
        }
    }

    public override async Task<Proto.Dataset> UploadDataset(IAsyncStreamReader<Proto.UploadDatasetRequest> requests, ServerCallContext context)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        try
        {
            var header = await ReadHeader(requests, stall);
            if (node.Blobs.Find(header.Sha256) is { } known)
            {
                return known.Length == (long)header.Length
                    ? Named(known, header.Name)
                    : throw ApiError.InvalidArgument("header.length", Text(header.Length), $"{Text(known.Length)}, the length of the bytes with this SHA-256");
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

        return Named(node.Blobs.Find(header.Sha256) ?? throw new FileNotFoundException($"the data set {header.Sha256} is gone as soon as it came"), header.Name);
    }

    /// <exception cref="RpcException">It is no hash, or there is no such data set.</exception>
    private Blob Require(string sha256)
    {
        if (!BlobStore.IsSha256(sha256))
        {
            throw ApiError.InvalidArgument("sha256", $"\"{sha256}\"", Sha256Allowed);
        }

        return node.Blobs.Find(sha256) ?? throw ApiError.Of(
            StatusCode.NotFound,
            ErrorReason.DatasetNotFound,
            $"the data set {sha256} is not on this node; send it with UploadDataset",
            ("sha256", sha256));
    }

    /// <summary>A data set keeps the first name that anybody gave it.</summary>
    private Proto.Dataset Named(Blob blob, string name)
    {
        node.Blobs.Names.NameFirst(blob.Sha256, name);
        return ToProto(blob);
    }

    private Proto.Dataset ToProto(Blob blob) => new()
    {
        Sha256 = blob.Sha256,
        Length = (ulong)blob.Length,
        Name = node.Blobs.Names.Of(blob.Sha256),
        StoredAt = Timestamp.FromDateTime(blob.StoredAt),
    };

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
