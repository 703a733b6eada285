namespace ActorTrainer.Cli.Connections;

/// <summary>Which data directory the program works on.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Option">What a further command needs to work on the same one: " --data-dir …", or nothing.</param>
internal sealed record DataHome(string Path, string Option)
{
    public const string Variable = "ACTORTRAINER_HOME";

    /// <summary>The option's, else the variable's, else `actortrainer` in the user's data folder.</summary>
    public static DataHome Choose(string? option, string? variable, string userData)
    {
        if (!string.IsNullOrWhiteSpace(option))
        {
            var path = System.IO.Path.GetFullPath(option);
            return new DataHome(path, $" --data-dir {ProgramName.Quote(option)}");
        }

        return string.IsNullOrWhiteSpace(variable)
            ? new DataHome(System.IO.Path.Combine(userData, "actortrainer"), "")
            : new DataHome(System.IO.Path.GetFullPath(variable), "");
    }

    /// <summary>As <see cref="Choose"/>, for this process.</summary>
    public static DataHome Of(string? option) =>
        Choose(option, Environment.GetEnvironmentVariable(Variable), UserData());

    private static string UserData()
    {
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);

        // Empty for an account without a home, as services have: the directory below is then the current one's.
        return folder.Length > 0 ? folder : Environment.CurrentDirectory;
    }
}
