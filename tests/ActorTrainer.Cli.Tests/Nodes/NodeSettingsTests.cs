using System.Net;
using ActorTrainer.Cli.Nodes;

namespace ActorTrainer.Cli.Tests.Nodes;

public sealed class NodeSettingsTests
{
    private static NodeSettings Read(params (string Name, string Value)[] options) => Read(options, []);

    private static NodeSettings Read((string Name, string Value)[] options, (string Name, string Value)[] variables) =>
        NodeSettings.Read(new SettingSource(Find(options), Find(variables)), new NodeMachine("box-17", [IPAddress.Loopback, IPAddress.Parse("172.28.0.7")]));

    private static Func<string, string?> Find((string Name, string Value)[] given) =>
        name => given.Where(one => one.Name == name).Select(one => one.Value).SingleOrDefault();

    [Fact]
    public void Begins_a_cluster_with_all_roles_on_this_machine_alone()
    {
        var settings = Read(("--data-dir", "/data"));

        Assert.Equal(["server", "gateway", "worker"], settings.Node.Roles.AsEnumerable());
        Assert.Equal("127.0.0.1", settings.Node.ClusterHost);
        Assert.Empty(settings.Node.SeedNodes);
        Assert.Equal("127.0.0.1", settings.Gateway!.Address.ToString());
    }

    [Fact]
    public void Reads_a_worker_of_several_machines()
    {
        var settings = Read(
            ("--roles", "worker"), ("--seed-nodes", "server-0:7701, server-1:7701"), ("--listen", "0.0.0.0:7701"), ("--data-listen", "0.0.0.0:7702"),
            ("--tls", "/tls"), ("--threads", "1"), ("--data-dir", "/data"));

        Assert.Equal(["server-0:7701", "server-1:7701"], settings.Node.SeedNodes.AsEnumerable());
        Assert.Equal(("box-17", "0.0.0.0", 7701), (settings.Node.ClusterHost, settings.Node.ListenHost, settings.Node.ClusterPort));
        Assert.Equal(("0.0.0.0", 7702), (settings.Node.DataListenHost, settings.Node.DataPort));
        Assert.Equal(("/tls", 1, "/data"), (settings.Node.TlsDirectory, settings.Node.ComputeThreads, settings.Node.DataDirectory));
        Assert.Null(settings.Gateway);
    }

    [Fact]
    public void Is_called_by_its_public_host_where_one_is_given() =>
        Assert.Equal("server-0", Read(("--listen", "0.0.0.0:7701"), ("--public-host", "server-0"), ("--insecure", "true")).Node.ClusterHost);

    [Fact]
    public void Is_called_by_its_own_address_where_the_public_host_is_a_network()
    {
        Assert.Equal("172.28.0.7", Read(("--listen", "0.0.0.0:7701"), ("--public-host", "172.28.0.0/24"), ("--insecure", "true")).Node.ClusterHost);

        var elsewhere = Assert.Throws<UsageException>(() => Read(("--public-host", "10.0.0.0/8")));
        Assert.Equal("--public-host is the network 10.0.0.0/8, and none of this machine's addresses is in it: 127.0.0.1, 172.28.0.7.", elsewhere.Message);
    }

    [Fact]
    public void Leaves_variables_alone_that_are_for_other_roles() =>
        Assert.Null(Read([("--roles", "worker"), ("--seed-nodes", "a:1")], [("ACTORTRAINER_TOKEN_FILE", "/token"), ("ACTORTRAINER_DATABASE_FILE", "/nowhere")]).Node.DatabaseConnection);

    [Fact]
    public void Takes_a_variable_for_an_option_that_is_not_given()
    {
        var settings = Read([("--roles", "server")], [("ACTORTRAINER_ROLES", "worker"), ("ACTORTRAINER_LISTEN", "127.0.0.1:7701"), ("ACTORTRAINER_DATABASE", "")]);

        Assert.Equal(["server"], settings.Node.Roles.AsEnumerable());
        Assert.Equal(7701, settings.Node.ClusterPort);
        Assert.Null(settings.Node.DatabaseConnection);
    }

    [Fact]
    public void Reads_the_database_from_a_file_as_secrets_come()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "Host=postgres;Password=x\n");
            Assert.Equal("Host=postgres;Password=x", Read(("--database-file", file)).Node.DatabaseConnection);

            var both = Assert.Throws<UsageException>(() => Read(("--database-file", file), ("--database", "Host=other")));
            Assert.Equal("--database and --database-file are both given; it can be only one of the two.", both.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Says_everything_that_is_wrong_by_the_name_it_was_given()
    {
        var wrong = Assert.Throws<UsageException>(() => Read(
            [("--roles", "worker"), ("--listen", "7701"), ("--gateway-listen", "127.0.0.1:1"), ("--database-file", "/nowhere")],
            [("ACTORTRAINER_THREADS", "many"), ("ACTORTRAINER_INSECURE", "yes")]));

        Assert.Equal(
        [
            "--listen is '7701'; it takes an address and a port, such as 0.0.0.0:7701.",
            "ACTORTRAINER_INSECURE is 'yes'; it is true or false.",
            "--database-file cannot be read: Could not find file '/nowhere'.",
            "ACTORTRAINER_THREADS is 'many'; it takes a number.",
            "The node is no server and no seed nodes are named; name servers to join.",
            "--gateway-listen is for a gateway, and the roles are worker.",
        ],
            wrong.Messages.AsEnumerable());
    }

    [Fact]
    public void Lets_no_other_machine_call_the_gateway_without_certificates()
    {
        (string, string)[] open = [("--gateway-listen", "0.0.0.0:7700"), ("--token-file", "/token")];

        Assert.Equal(
            "--gateway-listen is 0.0.0.0, which other machines can reach, without TLS: name the node's certificates with --tls, or say --insecure.",
            Assert.Throws<UsageException>(() => Read(open)).Message);
        var settings = Read([.. open, ("--tls", "/tls")]).Gateway!;
        Assert.Equal(("0.0.0.0", 7700, "/token", false), (settings.Address.ToString(), settings.Port, settings.TokenFile, settings.Insecure));
        Assert.True(Read([.. open, ("--insecure", "true")]).Gateway!.Insecure);
    }

    [Fact]
    public void Lets_a_gateway_listen_on_an_address_only() =>
        Assert.Contains("'here'", Assert.Throws<UsageException>(() => Read(("--gateway-listen", "here:7700"))).Message, StringComparison.Ordinal);
}
