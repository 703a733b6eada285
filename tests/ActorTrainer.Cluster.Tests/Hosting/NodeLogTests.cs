using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cluster.Tests.Hosting;

public sealed class NodeLogTests : IDisposable
{
    private static readonly DateTime Noon = new(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryDirectory _directory = new();

    private string Newest => File.ReadAllText(Path.Combine(_directory.Path, NodeLog.FileName));

    private string Older => File.ReadAllText(Path.Combine(_directory.Path, NodeLog.OlderFileName));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void An_entry_is_one_line_with_what_follows_indented()
    {
        using var log = NodeLog.Open(_directory.Path);

        log.Write(Noon, NodeLogLevel.Warning, "Cluster", "heartbeat was delayed\r\nby a second", new IOException("no disk"));

        Assert.Equal(
            "2026-11-24T12:00:00.000Z WARNING Cluster: heartbeat was delayed\n    by a second\n    System.IO.IOException: no disk\n",
            Newest);
    }

    [Fact]
    public void Is_readable_by_its_owner_only_even_if_it_was_not_before()
    {
        File.WriteAllText(Path.Combine(_directory.Path, NodeLog.FileName), "before\n");
        using var log = NodeLog.Open(_directory.Path);

        log.Write(Noon, NodeLogLevel.Info, "Node", "up", null);

        Assert.StartsWith("before\n2026-", Newest, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(_directory.Path, NodeLog.FileName)));
        }
    }

    [Fact]
    public void Never_grows_beyond_two_files_and_keeps_the_newest_entries()
    {
        for (var life = 0; life < 2; life++)
        {
            using var log = NodeLog.Open(_directory.Path, maximumBytes: 200);
            for (var entry = 1; entry <= 50; entry++)
            {
                log.Write(Noon, NodeLogLevel.Info, "Node", $"entry {entry}", null);
            }
        }

        Assert.InRange(Newest.Length, 1, 200);
        Assert.InRange(Older.Length, 1, 200);
        Assert.EndsWith("entry 50\n", Newest, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_directory.Path).Length);
    }

    [Fact]
    public void Cuts_an_entry_that_has_no_end()
    {
        using var log = NodeLog.Open(_directory.Path);

        log.Write(Noon, NodeLogLevel.Info, "Node", new string('x', 1_000_000), null);

        Assert.Equal(NodeLog.MaximumEntryCharacters + 2, Newest.Length);
    }

    [Fact]
    public void Loses_what_it_cannot_write_and_goes_on()
    {
        var path = Path.Combine(_directory.Path, "later");
        using var log = NodeLog.Open(path);

        log.Write(Noon, NodeLogLevel.Info, "Node", "lost", null);
        Directory.CreateDirectory(path);
        log.Write(Noon, NodeLogLevel.Info, "Node", "kept", null);

        Assert.EndsWith("Node: kept\n", File.ReadAllText(Path.Combine(path, NodeLog.FileName)), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_products_own_doings_are_noticed_in_one_line_without_a_trace()
    {
        using var log = NodeLog.Open(_directory.Path);
        var noticed = new List<NodeNotice>();
        log.Noticed += noticed.Add;

        log.Write(Noon, NodeLogLevel.Error, "Akka", "a library's affair", null);
        log.Notice(Noon, NodeLogLevel.Debug, "Job", "a single step", null);
        log.Notice(Noon, NodeLogLevel.Error, "Job", "it was not\nstored", new IOException("no space left"));

        Assert.Equal([new NodeNotice(Noon, NodeLogLevel.Error, "it was not stored: no space left")], noticed);
        Assert.Equal(3, Newest.Split("2026-").Length - 1);
    }
}
