using System.Collections.Immutable;
using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Gateway.Jobs;
using ActorTrainer.Training.Recipes;
using JobSpec = ActorTrainer.Contracts.V1.JobSpec;

namespace ActorTrainer.Cli.Running;

/// <summary>A job file that is right as far as this program can tell without a node, ready to be submitted.</summary>
/// <param name="File">As the user named it.</param>
/// <param name="Spec">With every default filled in and the hash of its text.</param>
/// <param name="Text">The text that the file names by path; null if it names none.</param>
/// <param name="Remarks">What is allowed but worth a word.</param>
internal sealed record PreparedJob(string File, JobSpec Spec, JobText? Text, string RecipeSha256, ImmutableArray<string> Remarks)
{
    public JobNature Nature => JobNature.Of(Spec);

    /// <exception cref="JobFileException">With everything that is wrong, where it stands.</exception>
    public static PreparedJob Read(string path, IReadOnlyList<Setting> settings)
    {
        var file = JobFile.Read(path, settings);
        var text = JobText.Find(file);
        if (text is not null)
        {
            file.Spec.Recipe.Data.Text.Sha256 = text.Sha256;
        }

        var mapped = SpecMapping.FromProto(file.Spec);
        return mapped.Spec is { } spec
            ? new PreparedJob(path, SpecMapping.ToProto(spec), text, RecipeIdentity.Sha256(spec.Recipe), RecipeValidation.Remarks(spec))
            : throw new JobFileException(
                [.. mapped.Violations.Select(violation => new JobFileError(file.PositionOf(violation.Field), violation.ToString()))]);
    }
}
