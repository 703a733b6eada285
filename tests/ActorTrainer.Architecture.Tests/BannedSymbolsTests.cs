using System.Reflection;

namespace ActorTrainer.Architecture.Tests;

/// <summary>Rule B12 is held by an analyzer; these hold the analyzer.</summary>
public sealed class BannedSymbolsTests
{
    private const string ListFile = "src/BannedSymbols.txt";

    /// <summary>Banned before anybody can add a reference to them.</summary>
    private static readonly string[] NotReferenced = ["T:System.Numerics.Tensors.TensorPrimitives"];

    private static string[] BannedIds =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, ListFile))
            .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))
            .Select(line => line.Split(';')[0]),
    ];

    [Theory]
    [InlineData("ActorTrainer.Numerics")]
    [InlineData("ActorTrainer.Data")]
    [InlineData("ActorTrainer.Training")]
    public void The_analyzer_is_wired_into_the_pure_core(string project)
    {
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", Repository.Items(project, "PackageReference"));
        Assert.Contains($"$(RepositoryRoot){ListFile}", Repository.Items(project, "AdditionalFiles"));
        Assert.DoesNotContain(Repository.Project(project).Descendants("NoWarn"), item => item.Value.Contains("RS0030"));
    }

    [Fact]
    public void A_banned_symbol_is_an_error_that_no_source_file_silences()
    {
        var silencers = Repository.SourceFiles
            .Where(file => !file.StartsWith("src/ActorTrainer.C", StringComparison.Ordinal) && !file.StartsWith("src/ActorTrainer.Gateway", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(Path.Combine(Repository.Root, file)).Contains("RS0030"));

        Assert.Contains("dotnet_diagnostic.RS0030.severity = error", File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig")));
        Assert.Empty(silencers);
    }

    /// <summary>The analyzer says nothing about an id that names no symbol: it would ban nothing.</summary>
    [Fact]
    public void Every_banned_id_names_a_symbol_of_the_framework()
    {
        var known = FrameworkAssemblies().SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(DocumentationId.OfTypeAndMembers).ToHashSet();

        Assert.Empty(BannedIds.Except(known).Except(NotReferenced));
    }

    [Fact]
    public void The_list_holds_what_matters_most()
    {
        string[] most =
        [
            "T:System.Random",
            "T:System.Diagnostics.Stopwatch",
            "P:System.DateTime.UtcNow",
            "M:System.Math.Exp(System.Double)",
            "M:System.MathF.Tanh(System.Single)",
            "M:System.Single.Pow(System.Single,System.Single)",
            "M:System.Runtime.Intrinsics.Vector512.Sum``1(System.Runtime.Intrinsics.Vector512{``0})",
            "M:System.Numerics.Vector.Dot``1(System.Numerics.Vector{``0},System.Numerics.Vector{``0})",
            "M:System.Linq.Enumerable.Sum(System.Collections.Generic.IEnumerable{System.Single})",
        ];

        Assert.Empty(most.Except(BannedIds));
        Assert.Equal(BannedIds.Length, BannedIds.Distinct().Count());
    }

    private static IEnumerable<Assembly> FrameworkAssemblies()
    {
        string[] names =
        [
            "System.Private.CoreLib",
            "System.ComponentModel.TypeConverter",
            "System.Linq",
            "System.Linq.Parallel",
            "System.Runtime.Numerics",
            "System.Security.Cryptography",
            "System.Threading.Tasks.Parallel",
        ];
        return names.Select(Assembly.Load);
    }
}
