namespace ActorTrainer.Data.Tests;

/// <summary>Skipped, and says why, where the file is not in the folder that ACTORTRAINER_DATA names.</summary>
public sealed class RealDataFactAttribute : FactAttribute
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("ACTORTRAINER_DATA");

    public RealDataFactAttribute(string file)
    {
        if (string.IsNullOrEmpty(Folder) || !File.Exists(PathOf(file)))
        {
            Skip = string.IsNullOrEmpty(Folder) ? "ACTORTRAINER_DATA does not name a folder with the data" : $"{file} is not in the folder that ACTORTRAINER_DATA names";
        }
    }

    public static string PathOf(string file) => Path.Combine(Folder!, file);
}
