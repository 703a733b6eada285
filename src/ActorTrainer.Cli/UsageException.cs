using System.Collections.Immutable;

namespace ActorTrainer.Cli;

/// <summary>The program was asked for something it cannot do; each message says what, and what would be right. Exit code 2.</summary>
internal sealed class UsageException(ImmutableArray<string> messages) : Exception(string.Join(Environment.NewLine, messages))
{
    public UsageException(string message)
        : this([message])
    {
    }

    /// <summary>At least one.</summary>
    public ImmutableArray<string> Messages { get; } = messages;
}
