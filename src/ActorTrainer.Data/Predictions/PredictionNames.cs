using System.Collections.Immutable;

namespace ActorTrainer.Data.Predictions;

/// <summary>What columns of an answer are called.</summary>
public static class PredictionNames
{
    public const string Sequence = "sequence";
    public const string Image = "image";
    public const string Step = "step";
    public const string Class = "class";
    public const string Ahead = "ahead";

    /// <summary>The name, or with as many underscores as make it none of those taken.</summary>
    public static string Free(string name, ImmutableArray<string> taken)
    {
        while (taken.Contains(name, StringComparer.Ordinal))
        {
            name += "_";
        }

        return name;
    }
}
