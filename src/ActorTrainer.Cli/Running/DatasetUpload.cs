using ActorTrainer.Cli.Connections;
using ActorTrainer.Contracts.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ActorTrainer.Cli.Running;

/// <summary>Brings data to a node that lacks it.</summary>
internal static class DatasetUpload
{
    private const int ChunkBytes = 64 * 1024;

    /// <param name="sha256">Of the content.</param>
    /// <param name="length">Bytes of it.</param>
    /// <param name="name">For people; "": none.</param>
    /// <param name="open">The content, opened only if the node lacks it.</param>
    /// <returns>The data set, and whether the node had it before.</returns>
    /// <exception cref="RpcException">The node refuses it, for instance because the content changed since it was hashed.</exception>
    public static async Task<(Dataset Dataset, bool WasThere)> SendAsync(
        NodeClient client, string sha256, long length, string name, Func<Stream> open, CancellationToken cancellation)
    {
        var known = await FindAsync(client, sha256, cancellation);
        if (known is not null && (known.Name.Length > 0 || name.Length == 0))
        {
            return (known, true);
        }

        using var call = client.Datasets.UploadDataset(cancellationToken: cancellation);
        try
        {
            var header = new UploadHeader { Sha256 = sha256, Length = (ulong)length, Name = name };
            await call.RequestStream.WriteAsync(new UploadDatasetRequest { Header = header }, cancellation);
            if (known is null)
            {
                await using var content = open();
                await SendAsync(call.RequestStream, content, cancellation);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception broken) when (broken is RpcException or InvalidOperationException)
        {
            // The node has answered already: it has the data by now, or its answer says what is wrong.
        }

        return (await call.ResponseAsync, known is not null);
    }

    private static async Task SendAsync(IClientStreamWriter<UploadDatasetRequest> requests, Stream content, CancellationToken cancellation)
    {
        var chunk = new byte[ChunkBytes];
        for (int read; (read = await content.ReadAtLeastAsync(chunk, ChunkBytes, throwOnEndOfStream: false, cancellation)) > 0;)
        {
            await requests.WriteAsync(new UploadDatasetRequest { Chunk = ByteString.CopyFrom(chunk, 0, read) }, cancellation);
        }
    }

    private static async Task<Dataset?> FindAsync(NodeClient client, string sha256, CancellationToken cancellation)
    {
        try
        {
            return await client.Datasets.GetDatasetAsync(new GetDatasetRequest { Sha256 = sha256 }, cancellationToken: cancellation);
        }
        catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }
}
