namespace ActorTrainer.Cli.Connections;

/// <summary>Where the jobs are that the program works on: in a data directory of this machine, or at a node elsewhere.</summary>
/// <param name="Path">Absolute; of no interest if <see cref="Remote"/> is there.</param>
/// <param name="Option">What a further command needs to work on the same one: " --data-dir …" or " --endpoint …", or nothing.</param>
internal sealed record DataHome(string Path, string Option)
{
    public const string Variable = "ACTORTRAINER_HOME";

    /// <summary>The node elsewhere; null: that of the data directory.</summary>
    public RemoteNode? Remote { get; init; }

    /// <summary>It, to be named in a sentence.</summary>
    public string Place => Remote?.Endpoint.GetLeftPart(UriPartial.Authority) ?? Path;

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

    /// <summary>As the options say, else the variables; a data directory that is named goes before an endpoint that is not.</summary>
    /// <exception cref="UsageException">They contradict one another.</exception>
    public static DataHome Of(string? dataDirectory, string? endpoint, string? authority, string? token)
    {
        var home = Of(dataDirectory);
        if (dataDirectory is not null)
        {
            return endpoint is null && authority is null && token is null
                ? home
                : throw new UsageException("--data-dir is a node of this machine and --endpoint one elsewhere; give one of them");
        }

        var remote = RemoteNode.Choose(endpoint, authority, token, Environment.GetEnvironmentVariable);
        return remote is null ? home : home with { Remote = remote, Option = Given("--endpoint", endpoint) + Given("--ca", authority) + Given("--token-file", token) };

        static string Given(string name, string? value) => value is null ? "" : $" {name} {ProgramName.Quote(value)}";
    }

    private static string UserData()
    {
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);

        // Empty for an account without a home, as services have: the directory below is then the current one's.
        return folder.Length > 0 ? folder : Environment.CurrentDirectory;
    }
}
