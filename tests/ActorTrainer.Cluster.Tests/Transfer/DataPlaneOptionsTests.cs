using ActorTrainer.Cluster.Transfer;

namespace ActorTrainer.Cluster.Tests.Transfer;

public sealed class DataPlaneOptionsTests
{
    [Fact]
    public void The_defaults_are_right() => Assert.Empty(new DataPlaneOptions().Check(encrypted: false));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("10.0.0.7")]
    [InlineData("node.example")]
    public void Beyond_loopback_it_needs_certificates_or_a_word(string host)
    {
        var options = new DataPlaneOptions { ListenHost = host };

        Assert.Equal(
            $"The data plane would listen on {host} without TLS; give the node its certificates, listen on loopback, or say insecure.",
            Assert.Single(options.Check(encrypted: false)));
        Assert.Empty(options.Check(encrypted: true));
        Assert.Empty((options with { Insecure = true }).Check(encrypted: false));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.9")]
    [InlineData("::1")]
    [InlineData("localhost")]
    public void Loopback_needs_neither(string host) => Assert.Empty(new DataPlaneOptions { ListenHost = host }.Check(encrypted: false));

    [Fact]
    public void Every_wrong_setting_is_named_with_its_value()
    {
        var wrong = new DataPlaneOptions
        {
            Port = 65_536,
            MaximumBytesInFlight = 0,
            MaximumFetches = 0,
            MaximumPeers = 0,
            MaximumConnections = 0,
            MaximumHandshakes = 0,
            HandshakeTimeout = TimeSpan.Zero,
            StallTimeout = TimeSpan.FromSeconds(-1),
            IdleTimeout = TimeSpan.Zero,
            ReconnectFor = TimeSpan.FromSeconds(-2),
        }.Check(encrypted: false);

        Assert.Equal(10, wrong.Length);
        Assert.Equal("The data port is 65536; it must be from 0 to 65535.", wrong[0]);
        Assert.Contains("A transfer may stall for -1 s; it must be more than 0.", wrong);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var first = new PlaneFixture("first");

        var taken = Assert.Throws<TransferException>(() => new PlaneFixture("second", PlaneFixture.Options with { Port = first.Plane.Port }));

        Assert.StartsWith($"The data plane cannot listen on 127.0.0.1:{first.Plane.Port}: ", taken.Message);
    }
}
