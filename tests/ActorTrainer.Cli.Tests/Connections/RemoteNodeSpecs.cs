using ActorTrainer.Cli.Commands;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Tests.Trust;
using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Cli.Tests.Connections;

/// <summary>The program before a node that it knows only by its endpoint, its authority and its token.</summary>
public sealed class RemoteNodeSpecs : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;
    private readonly TestAuthority _authority = new();
    private EmbeddedNode _node = null!;

    private string Home => Path.Combine(_directory, "node");

    private string Endpoint => _node.Endpoint.ToString();

    private string Authority => Path.Combine(_authority.Directory, "ca.pem");

    private string Token => Path.Combine(Home, "token");

    public async Task InitializeAsync() => _node = await EmbeddedNode.StartAsync(
        new NodeOptions { DataDirectory = Home, TlsDirectory = _authority.Folder("node,127.0.0.1"), Roles = NodeOptions.AllRoles },
        new GatewayOptions(),
        CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _authority.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Trains_there_and_starts_no_node_of_its_own()
    {
        var file = Path.Combine(_directory, "sums.yaml");
        await File.WriteAllTextAsync(file, JobFile);

        var (exitCode, output, error) = await Run("train", file, "--endpoint", Endpoint, "--ca", Authority, "--token-file", Token, "-o", "json");

        Assert.True(exitCode == 0, error);
        Assert.Contains($"  node   {Endpoint.TrimEnd('/')}\n", error, StringComparison.Ordinal);
        Assert.Contains("\"model\": null", output, StringComparison.Ordinal);
        var (_, listed, _) = await Run("job", "list", "--data-dir", Home);
        Assert.Contains("sums-", listed, StringComparison.Ordinal);
        Assert.Contains("completed", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Believes_no_node_of_another_authority()
    {
        using var others = new TestAuthority();
        others.Folder("somebody");

        var (exitCode, _, error) = await Run("job", "list", "--endpoint", Endpoint, "--ca", Path.Combine(others.Directory, "ca.pem"), "--token-file", Token);

        Assert.Equal(1, exitCode);
        Assert.Contains($"{Endpoint.TrimEnd('/')} is not believed to be a node of your cluster: its certificate CN=node, issued by CN=ActorTrainer authority", error, StringComparison.Ordinal);
        Assert.Contains("is not one of this cluster's authority", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Believes_no_node_under_a_name_that_its_certificate_does_not_bear()
    {
        var (exitCode, _, error) = await Run("job", "list", "--endpoint", Endpoint.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "--ca", Authority, "--token-file", Token);

        Assert.Equal(1, exitCode);
        Assert.Contains("its certificate CN=node is not for the name localhost", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Believes_nobody_whom_neither_an_authority_nor_this_machine_vouches_for()
    {
        var (exitCode, _, error) = await Run("job", "list", "--endpoint", Endpoint, "--token-file", Token);

        Assert.Equal(1, exitCode);
        Assert.Contains($"no node answers at {Endpoint.TrimEnd('/')}: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_the_token_is_wrong_or_missing()
    {
        var wrong = Path.Combine(_directory, "wrong");
        PrivateFiles.WriteWhole(wrong, new string('x', 43));

        var (exitCode, _, error) = await Run("job", "list", "--endpoint", Endpoint, "--ca", Authority, "--token-file", wrong);
        Assert.Equal((1, $"actortrainer: {Endpoint.TrimEnd('/')} does not let you in: the token in {wrong} is not its own\n"), (exitCode, error));

        (exitCode, _, error) = await Run("job", "list", "--endpoint", Endpoint, "--ca", Authority, "--token-file", wrong + "-too");
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"actortrainer: no token for {Endpoint.TrimEnd('/')}: Could not find file", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_nobody_answers()
    {
        var (exitCode, _, error) = await Run("job", "list", "--endpoint", "https://127.0.0.1:1", "--ca", Authority, "--token-file", Token);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("actortrainer: no node answers at https://127.0.0.1:1: Connection refused", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_named_by_options_or_else_by_variables()
    {
        var variables = new Dictionary<string, string?>
        {
            [RemoteNode.EndpointVariable] = "https://gateway:7700",
            [RemoteNode.AuthorityVariable] = "/run/secrets/ca",
            [RemoteNode.TokenVariable] = "/run/secrets/token",
        };

        Assert.Null(RemoteNode.Choose(null, null, null, _ => null));
        Assert.Equal(
            new RemoteNode(new Uri("https://gateway:7700"), "/run/secrets/ca", "/run/secrets/token"),
            RemoteNode.Choose(null, null, null, variables.GetValueOrDefault));
        Assert.Equal(
            new RemoteNode(new Uri("https://other:1"), "ca.pem", "token"),
            RemoteNode.Choose("https://other:1", "ca.pem", "token", variables.GetValueOrDefault));
    }

    [Theory]
    [InlineData("http://10.0.0.4:7700", true)]
    [InlineData("http://127.0.0.1:7700", false)]
    [InlineData("http://localhost:7700", false)]
    [InlineData("https://10.0.0.4:7700", false)]
    public void Warns_of_a_token_that_crosses_the_network_in_the_open(string endpoint, bool warns) =>
        Assert.Equal(warns, new RemoteNode(new Uri(endpoint), null, "token").Warning is not null);

    private const string JobFile = """
        recipe:
          data:
            binary_addition: { bits: 4, validation_bits: 6, validation_samples: 10 }
          model:
            layers: [{ elman: { units: 16 } }]
          training: { steps: 20, batch_size: 8, optimizer: { adam: {} }, learning_rate: { value: 0.01 } }
        """;

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var exitCode = await CommandLine.InvokeAsync(arguments, new Terminal(output, error, IsLive: false, HasColor: false, () => 100));
        return (exitCode, output.ToString(), error.ToString());
    }
}
