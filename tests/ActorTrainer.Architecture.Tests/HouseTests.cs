using System.Reflection;
using System.Runtime.CompilerServices;

namespace ActorTrainer.Architecture.Tests;

public sealed class HouseTests
{
    private const int LongestFile = 400;

    private static readonly string[] EmptyNames = ["Util", "Utils", "Utilities", "Helper", "Helpers", "Manager", "Common"];

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var tooLong = Repository.SourceFiles
            .Select(file => (File: file, Lines: File.ReadLines(Path.Combine(Repository.Root, file)).Count()))
            .Where(found => found.Lines > LongestFile)
            .Select(found => $"{found.File}: {found.Lines} lines");

        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_type_is_named_for_the_idea_that_is_not_found_yet()
    {
        var types = Repository.SourceProjects
            .Select(project => Assembly.Load(project == "ActorTrainer.Cli" ? "actortrainer" : project))
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(type => type.Name.Split('`')[0])
            .Where(name => EmptyNames.Any(empty => name.EndsWith(empty, StringComparison.Ordinal)));

        Assert.Empty(types);
    }

    [Fact]
    public void Every_proto_is_compiled_into_exactly_one_project()
    {
        var compiled = Repository.SourceProjects
            .SelectMany(project => Repository.Items(project, "Protobuf").SelectMany(pattern => Matching(project, pattern)))
            .Order(StringComparer.Ordinal);

        Assert.Equal(Repository.Files("protos", "*.proto"), compiled);
    }

    /// <summary>Files that a pattern with * in its last part names, as paths from the root.</summary>
    private static IEnumerable<string> Matching(string project, string pattern)
    {
        var full = Path.GetFullPath(Path.Combine(Repository.Root, "src", project, pattern));
        var folder = Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(full)!);
        return Repository.Files(folder, Path.GetFileName(full));
    }
}
