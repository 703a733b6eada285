using System.Security.Cryptography;
using ActorTrainer.Data;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Gateway.Jobs;
using ActorTrainer.Training;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Recipes;
using Google.Protobuf;
using Grpc.Core;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Models;

/// <summary>Trained models, as models.proto describes them.</summary>
internal sealed class ModelsService(
    RegistryClient registry, GatewayNode node, Generations generations, Vocabularies vocabularies) : Proto.Models.ModelsBase
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

    public override async Task Generate(Proto.GenerateRequest request, IServerStreamWriter<Proto.GenerateResponse> responses, ServerCallContext context)
    {
        var asked = Read(request);
        using var slot = generations.TryTake() ?? throw ApiError.Of(
            StatusCode.ResourceExhausted,
            ErrorReason.GenerationsBusy,
            $"{generations.Count} texts are being written, the most this node writes at once; try again when one is finished");

        var model = await registry.GetModel(JobNames.Require(request.JobId), context.CancellationToken);
        var vocabulary = await Task.Run(() => VocabularyOf(model), context.CancellationToken);
        await using var generation = new Generation(model, vocabulary, asked, context.CancellationToken);
        try
        {
            while (await generation.Next() is { } text)
            {
                await responses.WriteAsync(new Proto.GenerateResponse { Text = text, Step = (ulong)model.Step }, context.CancellationToken);
            }
        }
        catch (InvalidTextException unknown)
        {
            throw ApiError.InvalidArgument("prime", unknown.Message, "characters of the text that the model was trained on");
        }
    }

    private static GenerationRequest Read(Proto.GenerateRequest request)
    {
        var problems = new FieldProblems();
        var defaults = new GenerationRequest();
        var read = new GenerationRequest(
            request.Prime,
            request.HasLength ? problems.Int("length", request.Length) : defaults.Length,
            request.HasTemperature ? request.Temperature : defaults.Temperature,
            request.HasTopK ? problems.Int("top_k", request.TopK) : defaults.TopK,
            request.HasSeed ? request.Seed : defaults.Seed);
        JobNames.CheckJobId(request.JobId, problems);
        var violations = problems.With(read.Check());
        return violations.IsEmpty ? read : throw ApiError.InvalidArgument(violations);
    }

    private Vocabulary VocabularyOf(ModelView model)
    {
        if (model.Recipe.Data is not DataRecipe.Text text)
        {
            throw ApiError.Of(
                StatusCode.FailedPrecondition,
                ErrorReason.ModelWritesNoText,
                $"the job '{model.Job.Value}' does not learn from text, so its model cannot write any",
                ("job_id", model.Job.Value));
        }

        return vocabularies.Of(text.Sha256, () => ReadVocabulary(model, text));
    }

    /// <summary>The characters of a model, from the data it learns from, or from its file if the data has gone.</summary>
    private Vocabulary ReadVocabulary(ModelView model, DataRecipe.Text text)
    {
        if (node.Blobs.Exists(text.Sha256))
        {
            return ((TextData)TrainingRun.OpenData(model.Recipe, node.Blobs.Open)).Vocabulary;
        }

        if (model.File is { } path)
        {
            using var file = File.OpenRead(path);
            return ModelFile.Read(file).Vocabulary!;
        }

        throw ApiError.Of(
            StatusCode.FailedPrecondition,
            ErrorReason.DatasetMissing,
            $"the data set {text.Sha256}, whose characters the model writes, is not on this node; send it with UploadDataset",
            ("sha256", text.Sha256));
    }
}
