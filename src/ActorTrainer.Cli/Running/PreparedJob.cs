using System.Collections.Immutable;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Gateway.Jobs;
using ActorTrainer.Training.Recipes;
using JobSpec = ActorTrainer.Contracts.V1.JobSpec;

namespace ActorTrainer.Cli.Running;

/// <summary>A job file that is right as far as this program can tell without a node, ready to be submitted.</summary>
/// <param name="File">As the user named it.</param>
/// <param name="Spec">With every default filled in and the hashes of its data.</param>
/// <param name="Data">What the file names by path.</param>
/// <param name="Remarks">What is allowed but worth a word.</param>
internal sealed record PreparedJob(string File, JobSpec Spec, ImmutableArray<JobData> Data, string RecipeSha256, ImmutableArray<string> Remarks)
{
    public JobNature Nature => JobNature.Of(Spec);

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
            ? new PreparedJob(path, SpecMapping.ToProto(spec), data, RecipeIdentity.Sha256(spec.Recipe), RecipeValidation.Remarks(spec))
            : throw new JobFileException(
                [.. mapped.Violations.Select(violation => new JobFileError(file.PositionOf(violation.Field), violation.ToString()))]);
    }
}
