using System.Collections.Immutable;

namespace ActorTrainer.Cli.JobFiles;

/// <summary>One thing that is wrong with a job file, where it stands.</summary>
internal readonly record struct JobFileError(Position At, string Message)
{
    public override string ToString() => $"{At}: {Message}";
}

/// <summary>A job file cannot be read as a job; carries every error that was found, in the order of the file.</summary>
internal sealed class JobFileException(ImmutableArray<JobFileError> errors)
    : Exception(string.Join('\n', errors.Select(error => error.ToString())))
{
    public JobFileException(Position at, string message)
        : this([new JobFileError(at, message)])
    {
    }

    public ImmutableArray<JobFileError> Errors { get; } = errors;
}
