using ActorTrainer.Cluster.Hosting;

namespace ActorTrainer.Cluster.Tests.Hosting;

public sealed class NodeOptionsTests
{
    private static readonly NodeOptions Options = new() { DataDirectory = "/data" };

    [Fact]
    public void Has_nothing_against_the_defaults() => Assert.Empty(Options.Check());

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.7")]
    [InlineData("server-0")]
    public void Lets_no_other_machine_in_without_certificates(string host)
    {
        var open = Options with { ListenHost = host };

        Assert.Contains("without TLS", Assert.Single(open.Check()), StringComparison.Ordinal);
        Assert.Empty((open with { TlsDirectory = "/tls" }).Check());
        Assert.Empty((open with { Insecure = true }).Check());
    }

    [Fact]
    public void Looks_at_the_data_plane_as_at_the_cluster() =>
        Assert.Contains("without TLS", Assert.Single((Options with { DataListenHost = "0.0.0.0" }).Check()), StringComparison.Ordinal);

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.7")]
    [InlineData("::1")]
    public void Needs_no_certificates_on_loopback(string host) => Assert.Empty((Options with { ListenHost = host }).Check());

    [Fact]
    public void Says_each_thing_that_is_wrong_in_a_sentence()
    {
        var wrong = Options with
        {
            DataDirectory = "",
            ClusterHost = "0.0.0.0",
            ListenHost = "127.0.0.1",
            ClusterPort = 7701,
            DataPort = 7701,
            TlsDirectory = "/tls",
            Insecure = true,
            Roles = [NodeOptions.WorkerRole],
            DatabaseConnection = "Host=postgres",
        };

        Assert.Equal(
        [
            "The data directory is empty; name a directory.",
            "The cluster host is 0.0.0.0, by which nobody can call this node; listen there, and name the host as others know it.",
            "The cluster port and the data port are both 7701; they must differ.",
            "There is a TLS directory and the node is to be insecure; it can be only one of the two.",
            "A database is named, and the node is no server: only servers have one.",
            "The node is no server and no seed nodes are named; name servers to join.",
        ],
            wrong.Check().AsEnumerable());
    }

    [Fact]
    public void Wants_each_role_once() =>
        Assert.Contains("[worker, worker]", Assert.Single((Options with { Roles = ["worker", "worker"], SeedNodes = ["a:1"] }).Check()), StringComparison.Ordinal);
}
