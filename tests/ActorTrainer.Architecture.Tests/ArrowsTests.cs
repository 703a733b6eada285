using System.Reflection;

namespace ActorTrainer.Architecture.Tests;

/// <summary>Who may know whom. A new project, and a new arrow, is written down here first.</summary>
public sealed class ArrowsTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["ActorTrainer.Numerics"] = [],
        ["ActorTrainer.Contracts"] = [],
        ["ActorTrainer.Data"] = ["ActorTrainer.Numerics"],
        ["ActorTrainer.Training"] = ["ActorTrainer.Numerics", "ActorTrainer.Data"],
        ["ActorTrainer.Cluster"] = ["ActorTrainer.Training"],
        ["ActorTrainer.Gateway"] = ["ActorTrainer.Cluster", "ActorTrainer.Contracts"],
        ["ActorTrainer.Cli"] = ["ActorTrainer.Gateway", "ActorTrainer.Contracts"],
    };

    private static readonly string[] PureProjects = ["ActorTrainer.Numerics", "ActorTrainer.Data", "ActorTrainer.Training"];

    private static Assembly AssemblyOf(string project) =>
        Assembly.Load(project == "ActorTrainer.Cli" ? "actortrainer" : project);

    private static IEnumerable<string> AssemblyReferences(string project) =>
        AssemblyOf(project).GetReferencedAssemblies().Select(reference => reference.Name!);

    private static IEnumerable<string> Reachable(string project) =>
        Arrows[project].SelectMany(next => Reachable(next).Prepend(next)).Distinct();

    public static TheoryData<string> Projects => [.. Arrows.Keys];

    public static TheoryData<string> Pure => [.. PureProjects];

    [Fact]
    public void Every_project_stands_in_the_table() =>
        Assert.Equal(Arrows.Keys.Order(StringComparer.Ordinal), Repository.SourceProjects);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_where_its_arrows_point(string project) =>
        Assert.Empty(Repository.ProjectReferences(project).Except(Arrows[project]));

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_uses_only_what_its_arrows_reach(string project)
    {
        var own = AssemblyReferences(project).Where(name => name.StartsWith("ActorTrainer", StringComparison.OrdinalIgnoreCase));

        Assert.Empty(own.Except(Reachable(project)));
    }

    [Theory]
    [MemberData(nameof(Pure))]
    public void The_pure_core_uses_nothing_but_the_framework_and_a_reader_of_CSV(string project)
    {
        // Splitting a file into cells is no arithmetic; what a cell's number is, Data says itself.
        string[] readers = project == "ActorTrainer.Data" ? ["CsvHelper"] : [];
        var foreign = AssemblyReferences(project).Where(name =>
            !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("ActorTrainer.", StringComparison.Ordinal));

        Assert.Equal(readers, foreign);
        Assert.Equal(
            [.. readers, "Microsoft.CodeAnalysis.BannedApiAnalyzers"],
            Repository.Items(project, "PackageReference").Order(StringComparer.Ordinal));
        Assert.Empty(Repository.Items(project, "FrameworkReference"));
    }

    [Fact]
    public void The_cluster_knows_neither_ASP_NET_nor_gRPC_nor_the_public_API()
    {
        string[] never = ["Microsoft.AspNetCore", "Grpc", "ActorTrainer.Contracts"];

        Assert.DoesNotContain(AssemblyReferences("ActorTrainer.Cluster"), Forbidden);
        Assert.DoesNotContain(
            Repository.Items("ActorTrainer.Cluster", "PackageReference").Where(name => name != "Grpc.Tools"), Forbidden);
        Assert.Empty(Repository.Items("ActorTrainer.Cluster", "FrameworkReference"));

        bool Forbidden(string name) => never.Any(start => name.StartsWith(start, StringComparison.Ordinal));
    }

    [Fact]
    public void The_public_API_knows_nobody() =>
        Assert.DoesNotContain(
            AssemblyReferences("ActorTrainer.Contracts"), name => name.StartsWith("Akka", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Package_versions_are_central(string project) =>
        Assert.DoesNotContain(Repository.Project(project).Descendants("PackageReference"), item => item.Attribute("Version") is not null);
}
