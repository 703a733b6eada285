namespace ActorTrainer.Cli.Tests;

/// <summary>Files of the repository that tests read: examples, README, the API's schema.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    public static string File(string relative) => System.IO.Path.Combine(Path, relative);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "ActorTrainer.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no ActorTrainer.sln above {AppContext.BaseDirectory}");
    }
}
