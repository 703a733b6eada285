using System.Security.Cryptography;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Gateway.Jobs;
using Google.Protobuf;
using Grpc.Core;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Models;

/// <summary>Trained models, as models.proto describes them.</summary>
internal sealed class ModelsService(RegistryClient registry) : Proto.Models.ModelsBase
{
    private const int ChunkBytes = 64 * 1024;

    public override async Task DownloadModel(
        Proto.DownloadModelRequest request, IServerStreamWriter<Proto.DownloadModelResponse> responses, ServerCallContext context)
    {
        var model = await registry.GetModel(JobNames.Require(request.JobId), context.CancellationToken);
        if (model.File is null || model.WeightsSha256 is null)
        {
            throw ApiError.Of(
                StatusCode.FailedPrecondition,
                ErrorReason.ModelNotReady,
                $"the job '{model.Job.Value}' has not completed, so its model has no file yet; WatchJob tells when it has",
                ("job_id", model.Job.Value));
        }

        await using var file = new FileStream(model.File, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        if (request.Offset > (ulong)file.Length)
        {
            throw ApiError.InvalidArgument("offset", $"{request.Offset}", $"0 to {file.Length}, the length of the file");
        }

        await responses.WriteAsync(
            new Proto.DownloadModelResponse
            {
                Header = new Proto.ModelHeader
                {
                    WeightsSha256 = model.WeightsSha256,
                    Length = (ulong)file.Length,
                    Sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, context.CancellationToken)),
                },
            },
            context.CancellationToken);

        file.Position = (long)request.Offset;
        var buffer = new byte[ChunkBytes];
        int read;
        while ((read = await file.ReadAtLeastAsync(buffer, ChunkBytes, throwOnEndOfStream: false, context.CancellationToken)) > 0)
        {
            // Written out before WriteAsync returns, so the buffer may be used again.
            var chunk = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, read));
            await responses.WriteAsync(new Proto.DownloadModelResponse { Chunk = chunk }, context.CancellationToken);
        }
    }
}
