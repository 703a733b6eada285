namespace ActorTrainer.Cluster.Jobs;

/// <summary>Reasons that the cores give in half a sentence, as a person reads them.</summary>
internal static class Sentence
{
    public static string Of(string reason)
    {
        var text = reason.Trim();
        if (text.Length == 0)
        {
            return "";
        }

        var first = char.ToUpperInvariant(text[0]) + text[1..];
        return first[^1] is '.' or '!' or '?' ? first : first + ".";
    }
}
