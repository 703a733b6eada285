using System.Net;
using ActorTrainer.Cli.Commands;

namespace ActorTrainer.Cli.Tests.Commands;

public sealed class UpCommandTests
{
    [Fact]
    public void A_place_to_listen_has_an_address_and_a_port()
    {
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7700), UpCommand.ReadEndpoint("127.0.0.1:7700"));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7700), UpCommand.ReadEndpoint("localhost:7700"));
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 7700), UpCommand.ReadEndpoint("[::1]:7700"));
        Assert.Equal(
            "--listen is '7700'; it takes an address and a port, such as 127.0.0.1:7700",
            Assert.Throws<UsageException>(() => UpCommand.ReadEndpoint("7700")).Message);
    }
}
