using System.Collections.Immutable;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Data;
using ActorTrainer.Gateway.Jobs;
using ActorTrainer.Training;
using ActorTrainer.Training.Recipes;
using JobSpec = ActorTrainer.Contracts.V1.JobSpec;

namespace ActorTrainer.Cli.Running;

/// <summary>A job file that is right as far as this program can tell without a node, ready to be submitted.</summary>
internal sealed class PreparedJob
{
    private readonly JobFile _source;
    private readonly Recipe _recipe;

    private PreparedJob(JobFile source, Training.Recipes.JobSpec spec, ImmutableArray<JobData> data)
    {
        (_source, _recipe, Data) = (source, spec.Recipe, data);
        (Spec, RecipeSha256, Remarks) = (SpecMapping.ToProto(spec), RecipeIdentity.Sha256(spec.Recipe), RecipeValidation.Remarks(spec));
    }

    /// <summary>As the user named it.</summary>
    public string File => _source.Path;

    /// <summary>With every default filled in and the hashes of its data.</summary>
    public JobSpec Spec { get; }

    /// <summary>What the file names by path.</summary>
    public ImmutableArray<JobData> Data { get; }

    public string RecipeSha256 { get; }

    /// <summary>What is allowed but worth a word.</summary>
    public ImmutableArray<string> Remarks { get; }

    public JobNature Nature => JobNature.Of(Spec);

    /// <summary>
    /// Reads the data as the run will, so that what is wrong with it is said before anything is sent. Data that the
    /// job names by its hash is on a node, which looks at it itself.
    /// </summary>
    /// <returns>The run; null where the data is on a node.</returns>
    /// <exception cref="JobFileException">The job cannot be run with this data.</exception>
    public TrainingRun? CheckData()
    {
        if (!_recipe.Data.Files.All(named => Data.Any(data => data.Sha256 == named.Sha256)))
        {
            return null;
        }

        try
        {
            return new TrainingRun(_recipe, TrainingRun.OpenData(_recipe, sha256 => Data.First(data => data.Sha256 == sha256).OpenRead()));
        }
        catch (InvalidRecipeException invalid)
        {
            throw Wrong(_source, invalid.Violations);
        }
        catch (Exception wrong) when (wrong is InvalidDataSetException or InvalidTextException or IOException or UnauthorizedAccessException)
        {
            throw Data.Length == 1
                ? new JobFileException(Data[0].At, $"{Data[0].Location}: {wrong.Message}")
                : new JobFileException(_source.PositionOf(_recipe.Data.Files[0].Field), wrong.Message);
        }
    }

    /// <summary>Brings to the node what it lacks.</summary>
    /// <exception cref="Grpc.Core.RpcException">The node refuses it.</exception>
    public async Task UploadAsync(NodeClient client, CancellationToken cancellation)
    {
        foreach (var data in Data)
        {
            await data.UploadAsync(client, cancellation);
        }
    }

    /// <exception cref="JobFileException">With everything that is wrong, where it stands.</exception>
    public static PreparedJob Read(string path, IReadOnlyList<Setting> settings)
    {
        var file = JobFile.Read(path, settings);
        var data = JobData.FindAll(file);
        var mapped = SpecMapping.FromProto(file.Spec);
        return mapped.Spec is { } spec
            ? new PreparedJob(file, spec, data)
            : throw Wrong(file, mapped.Violations);
    }

    private static JobFileException Wrong(JobFile file, ImmutableArray<FieldViolation> violations) =>
        new([.. violations.Select(violation => new JobFileError(file.PositionOf(violation.Field), violation.ToString()))]);
}
