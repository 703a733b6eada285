using System.Security.Cryptography;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Data;
using ActorTrainer.Data.Predictions;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Gateway.Jobs;
using ActorTrainer.Training;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Predictions;
using ActorTrainer.Training.Recipes;
using Google.Protobuf;
using Grpc.Core;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Models;

/// <summary>Trained models, as models.proto describes them.</summary>
internal sealed class ModelsService(
    RegistryClient registry,
    GatewayNode node,
    GatewayOptions options,
    Generations generations,
    Vocabularies vocabularies,
    Predictions predictions,
    Evaluations evaluations,
    ModelSchemas schemas,
    ModelFiles files) : Proto.Models.ModelsBase
{
    private const int ChunkBytes = 64 * 1024;

    public override async Task DownloadModel(
        Proto.DownloadModelRequest request, IServerStreamWriter<Proto.DownloadModelResponse> responses, ServerCallContext context)
    {
        var model = await registry.GetModel(JobNames.Require(request.JobId), context.CancellationToken);
        if (model.WeightsSha256 is null)
        {
            throw ApiError.Of(
                StatusCode.FailedPrecondition,
                ErrorReason.ModelNotReady,
                $"the job '{model.Job.Value}' has not completed, so its model has no file yet; WatchJob tells when it has",
                ("job_id", model.Job.Value));
        }

        var path = await Task.Run(() => files.Of(model), context.CancellationToken);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
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

    public override async Task Predict(
        IAsyncStreamReader<Proto.PredictRequest> requests, IServerStreamWriter<Proto.PredictResponse> responses, ServerCallContext context)
    {
        using var slot = predictions.TryTake() ?? throw ApiError.Of(
            StatusCode.ResourceExhausted,
            ErrorReason.PredictionsBusy,
            $"{predictions.Count} predictions are being made, the most this node makes at once; try again when one is finished");
        using var input = new PredictionInput(requests, options, context.CancellationToken);
        var header = await input.ReadHeader();
        var model = await registry.GetModel(JobNames.Require(header.JobId), context.CancellationToken);
        var formats = Predictor.FormatsOf(model.Recipe.Data);
        if (formats.IsEmpty)
        {
            throw ApiError.Of(
                StatusCode.FailedPrecondition,
                ErrorReason.ModelCannotPredict,
                $"the job '{model.Job.Value}' learns from text, so its model writes text (model generate, in the API Generate) and predicts nothing else",
                ("job_id", model.Job.Value));
        }

        var format = PredictionInput.FormatOf(header.Input, formats);
        await using var data = await input.ReadData();
        await using var answer = new PredictionAnswer(() => Predict(model, data, format), header.Output, context.CancellationToken);
        try
        {
            await answer.WriteTo(responses, model.Step);
        }
        catch (InvalidDataSetException invalid)
        {
            throw ApiError.InvalidData("chunk", invalid);
        }
    }

    public override async Task<Proto.Evaluation> Evaluate(Proto.EvaluateRequest request, ServerCallContext context)
    {
        var job = JobNames.Require(request.JobId);
        using var slot = evaluations.TryTake() ?? throw ApiError.Of(
            StatusCode.ResourceExhausted,
            ErrorReason.EvaluationsBusy,
            $"{evaluations.Count} models are being evaluated, the most this node evaluates at once; try again when one is finished");
        var model = await registry.GetModel(job, context.CancellationToken);

        // Not on the pool: the arithmetic would hold up calls and heartbeats.
        return await Task.Factory.StartNew(
            () => Evaluate(model, context.CancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private Prediction Predict(ModelView model, Stream data, PredictionFormat? format)
    {
        var limits = new DataLimits(options.MaxInflatedPredictionBytes, options.MaxPredictionValues);
        var predictor = new Predictor(model.Recipe, schemas.Of(model), model.Weights.AsSpan());
        try
        {
            var prediction = predictor.Predict(data, format, limits);
            return prediction with { Rows = Whole(prediction.Rows, predictor) };
        }
        catch
        {
            predictor.Dispose();
            throw;
        }

        static IEnumerable<PredictionRow> Whole(IEnumerable<PredictionRow> rows, Predictor predictor)
        {
            using (predictor)
            {
                foreach (var row in rows)
                {
                    yield return row;
                }
            }
        }
    }

    private Proto.Evaluation Evaluate(ModelView model, CancellationToken cancellation)
    {
        var run = new TrainingRun(model.Recipe, schemas.Open(model));
        if (run.Data.ValidationBatches == 0)
        {
            throw NothingToEvaluate("no part only validates");
        }

        using var evaluator = new Evaluator(run);
        return evaluator.Evaluate(model.Weights.AsSpan(), cancellation) is { } evaluation
            ? EvaluationMapping.ToProto(evaluation, model.Step)
            : throw NothingToEvaluate("every target of the part that only validates is missing");

        RpcException NothingToEvaluate(string why) => ApiError.Of(
            StatusCode.FailedPrecondition,
            ErrorReason.NothingToEvaluate,
            $"the job '{model.Job.Value}' has nothing to be evaluated on: {why}",
            ("job_id", model.Job.Value));
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
        if (model.Recipe.Data is not (DataRecipe.Text or DataRecipe.Lines))
        {
            throw ApiError.Of(
                StatusCode.FailedPrecondition,
                ErrorReason.ModelWritesNoText,
                $"the job '{model.Job.Value}' does not learn from text, so its model cannot write any",
                ("job_id", model.Job.Value));
        }

        if (model.Schema?.Vocabulary is { } vocabulary)
        {
            return vocabulary;
        }

        // The same file may be read as one text and as lines, whose characters need not be the same.
        var file = model.Recipe.Data.Files[0];
        return vocabularies.Of($"{file.Field} {file.Sha256}", () => ReadVocabulary(model, file.Sha256));
    }

    /// <summary>The characters of a model, from the data it learns from, or from its file if the data has gone.</summary>
    private Vocabulary ReadVocabulary(ModelView model, string sha256)
    {
        if (node.Blobs.Exists(sha256))
        {
            return TrainingRun.OpenData(model.Recipe, node.Blobs.Open).Schema.Vocabulary!;
        }

        if (model.File is { } path)
        {
            using var file = File.OpenRead(path);
            return ModelFile.Read(file).Vocabulary!;
        }

        throw ApiError.Of(
            StatusCode.FailedPrecondition,
            ErrorReason.DatasetMissing,
            $"the data set {sha256}, whose characters the model writes, is not on this node; send it with UploadDataset",
            ("sha256", sha256));
    }
}
