namespace ActorTrainer.Cli.JobFiles;

/// <summary>A value of a YAML document: plain data without anchors, aliases or tags.</summary>
internal abstract record YamlNode(Position At)
{
    /// <summary>What the user wrote, for an error message.</summary>
    public abstract string Describe();
}

/// <param name="IsPlain">Written without quotes: `12` is a number, `"12"` is text.</param>
internal sealed record YamlScalar(Position At, string Value, bool IsPlain) : YamlNode(At)
{
    private const int LongestQuote = 40;

    /// <summary>Nothing was written, or YAML's word for nothing.</summary>
    public bool IsNull => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";

    public override string Describe()
    {
        if (IsNull)
        {
            return "nothing";
        }

        var shown = string.Concat(Value.Select(character => char.IsControl(character) ? ' ' : character));
        return shown.Length <= LongestQuote ? $"'{shown}'" : $"'{shown[..LongestQuote]}…'";
    }
}

internal sealed record YamlSequence(Position At, List<YamlNode> Items) : YamlNode(At)
{
    public override string Describe() => "a list";
}

/// <param name="Entries">In the order of the file; keys are distinct.</param>
internal sealed record YamlMapping(Position At, List<YamlEntry> Entries) : YamlNode(At)
{
    public YamlEntry? Find(string key) => Entries.Find(entry => entry.Key == key);

    public override string Describe() => "a mapping";
}

internal sealed record YamlEntry(Position At, string Key, YamlNode Value);

/// <summary>Something that may not stand in a job file and is reported already.</summary>
internal sealed record YamlRefused(Position At) : YamlNode(At)
{
    public override string Describe() => "something that is not allowed";
}
