namespace ActorTrainer.Cli.Nodes;

/// <summary>Settings by name, each from an option of the command line, else from an environment variable: --data-dir, ACTORTRAINER_DATA_DIR.</summary>
/// <param name="option">The option's value; null if it was not given.</param>
/// <param name="variable">An environment variable's; null if there is none.</param>
internal sealed class SettingSource(Func<string, string?> option, Func<string, string?> variable)
{
    public const string Prefix = "ACTORTRAINER_";

    /// <summary>Null if neither says anything; an empty variable says nothing.</summary>
    /// <param name="name">The option's, with its dashes.</param>
    public string? Get(string name) => option(name) ?? (variable(VariableOf(name)) is { Length: > 0 } value ? value : null);

    /// <summary>Whether it was given as an option: a variable may be meant for another program of ours.</summary>
    public bool IsOption(string name) => option(name) is not null;

    /// <summary>What the user called the setting.</summary>
    public string NameOf(string name) => option(name) is null && variable(VariableOf(name)) is { Length: > 0 } ? VariableOf(name) : name;

    public static string VariableOf(string name) => Prefix + name.TrimStart('-').Replace('-', '_').ToUpperInvariant();
}
