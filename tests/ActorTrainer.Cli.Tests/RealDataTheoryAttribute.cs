using ActorTrainer.Cli.JobFiles;

namespace ActorTrainer.Cli.Tests;

/// <summary>A theory about data that is not in this repository: skipped where nobody says in which folder it lies.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealDataTheoryAttribute : TheoryAttribute
{
    public RealDataTheoryAttribute()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(FileReference.DataVariable)))
        {
            Skip = $"{FileReference.DataVariable} names no folder with the data of the examples";
        }
    }
}
