using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cluster.Tests.Hosting;

/// <summary>What a node finds in its directory after a kill.</summary>
public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Is_swept_of_what_was_being_written_and_of_nothing_else()
    {
        var root = _temporary.Path;
        PrivateFiles.WriteWhole(Path.Combine(root, "node.json"), "{}");
        string[] left = [Path.Combine(root, $"node.json.{Guid.NewGuid():n}.new"), Path.Combine(root, $"members.{Guid.NewGuid():n}.new")];
        string[] others = [Path.Combine(root, "mine.new"), Path.Combine(root, "node.json")];
        Array.ForEach([.. left, others[0]], path => File.WriteAllText(path, "half"));

        DataDirectory.Open(root).Dispose();

        Assert.All(left, path => Assert.False(File.Exists(path), path));
        Assert.All(others, path => Assert.True(File.Exists(path), path));
    }
}
