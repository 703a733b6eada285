using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Data;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Training;
using ActorTrainer.Training.Models;
using ActorTrainer.Training.Recipes;
using Grpc.Core;

namespace ActorTrainer.Gateway.Models;

/// <summary>What models remember of their data, of the recipes asked for last.</summary>
internal sealed class ModelSchemas(GatewayNode node) : RecentlyUsed<DataSchema>(Maximum)
{
    /// <summary>Schemas that are kept.</summary>
    public const int Maximum = 16;

    /// <summary>As it came with the model, else from the model's file, or from the data that it learns from while there is no file.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION: there is neither, as a file of the data is not on this node.</exception>
    public DataSchema Of(ModelView model) =>
        model.Schema ?? Of(RecipeIdentity.Sha256(model.Recipe), () => model.File is { } path ? Read(path) : Open(model).Schema);

    /// <summary>Opens the data of a model.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION: a file of it is not on this node.</exception>
    public TrainingData Open(ModelView model)
    {
        foreach (var file in model.Recipe.Data.Files)
        {
            if (!node.Blobs.Exists(file.Sha256))
            {
                throw ApiError.Of(
                    StatusCode.FailedPrecondition,
                    ErrorReason.DatasetMissing,
                    $"the data set {file.Sha256}, from which the job '{model.Job.Value}' learns, is not on this node; send it with UploadDataset",
                    ("sha256", file.Sha256));
            }
        }

        return TrainingRun.OpenData(model.Recipe, node.Blobs.Open);
    }

    private static DataSchema Read(string path)
    {
        using var file = File.OpenRead(path);
        return ModelFile.Read(file).Schema;
    }
}
