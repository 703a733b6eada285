using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Training.Models;

namespace ActorTrainer.Gateway.Models;

/// <summary>
/// The files of completed models. Where the registry's node has written it, it is that one; else it is written
/// here, to the same bytes, and kept for those who go on with a download.
/// </summary>
internal sealed class ModelFiles(GatewayNode node, ModelSchemas schemas)
{
    /// <summary>Files that are kept here; of more, the one that was written first goes.</summary>
    public const int Maximum = 16;

    private readonly Lock _writing = new();
    private readonly string _directory = Path.Combine(node.DataDirectory, "fetched-models");

    /// <returns>Its path. It may go while it is read; whoever has it open reads it to its end.</returns>
    /// <exception cref="ArgumentException">The model is not completed.</exception>
    public string Of(ModelView model)
    {
        if (model.File is { } written)
        {
            return written;
        }

        if (model.WeightsSha256 is null)
        {
            throw new ArgumentException("A model that is not completed has no file.", nameof(model));
        }

        var path = Path.Combine(_directory, $"{model.Job.Value}-{model.WeightsSha256[..16]}.safetensors");
        lock (_writing)
        {
            if (!File.Exists(path))
            {
                PrivateFiles.EnsureDirectory(_directory);
                Forget(Maximum - 1);
                Write(new ModelFile(model.Recipe, model.Step, schemas.Of(model), model.Weights.AsMemory()), path);
            }
        }

        return path;
    }

    private static void Write(ModelFile model, string path)
    {
        var partial = path + ".partial";
        using (var file = PrivateFiles.Open(partial, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            model.Write(file);
        }

        File.Move(partial, path, overwrite: true);
    }

    private void Forget(int keep)
    {
        foreach (var old in new DirectoryInfo(_directory).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(keep))
        {
            old.Delete();
        }
    }
}
