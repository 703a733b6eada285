using ActorTrainer.Data;

namespace ActorTrainer.Gateway.Models;

/// <summary>The vocabularies of the texts that models were asked for last, by file and how it is read, each of at most 65,536 characters.</summary>
internal sealed class Vocabularies() : RecentlyUsed<Vocabulary>(Maximum)
{
    /// <summary>Vocabularies that are kept.</summary>
    public const int Maximum = 16;
}
