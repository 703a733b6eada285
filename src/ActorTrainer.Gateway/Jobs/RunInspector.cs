using ActorTrainer.Data;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Training;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Looks at a job together with its data, before it is stored: what only both can tell is said while somebody listens.</summary>
internal sealed class RunInspector(GatewayNode node) : IDisposable
{
    /// <summary>One at a time: a text is held in memory while it is looked at.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Whether all files of the data are on this node, or it needs none.</summary>
    public bool HasData(DataRecipe data) => data.Files.All(file => node.Blobs.Exists(file.Sha256));

    /// <returns>Parameters of the whole network.</returns>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: the job cannot be run with this data.</exception>
    public async Task<long> CountParameters(Recipe recipe, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Open(recipe), cancellation);
        }
        catch (InvalidRecipeException invalid)
        {
            throw ApiError.InvalidArgument(JobNames.InRequest(invalid.Violations));
        }
        catch (InvalidTextException invalid)
        {
            throw ApiError.InvalidArgument(FieldOf(recipe.Data), invalid.Message, "a text in UTF-8, long enough for its batches");
        }
        catch (InvalidDataSetException invalid)
        {
            throw ApiError.InvalidData(FieldOf(recipe.Data), invalid);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>The message that names the data: <c>spec.recipe.data.lines</c>.</summary>
    private static string FieldOf(DataRecipe data)
    {
        const string Data = "spec.recipe.data.";
        var first = "spec." + data.Files[0].Field;
        var end = first.IndexOf('.', Data.Length);
        return end < 0 ? first : first[..end];
    }

    private long Open(Recipe recipe) => new TrainingRun(recipe, TrainingRun.OpenData(recipe, node.Blobs.Open)).Layout.ParameterCount;
}
