using ActorTrainer.Cli.Commands;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Tests.Commands;

public sealed class CertsCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("actortrainer-").FullName;

    private string Certs => Path.Combine(_directory, "certs");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Init_makes_an_authority_and_folders_of_nodes_and_says_what_is_next()
    {
        var (exitCode, output, error) = await Run("certs", "init", "--out", Certs, "--node", "server-1,10.0.0.11", "--node", "worker,172.28.0.0/29", "--token", Path.Combine(Certs, "token"));

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        Assert.Contains($"{Certs}/ca.pem: CN=ActorTrainer authority ", output, StringComparison.Ordinal);
        Assert.Contains($"{Certs}/server-1: server-1, 10.0.0.11, until ", output, StringComparison.Ordinal);
        Assert.Contains($"{Certs}/worker: worker, 172.28.0.0, 172.28.0.1, 172.28.0.2, 172.28.0.3 and 4 more, until ", output, StringComparison.Ordinal);
        Assert.Contains($"{Certs}/token: an access token\n", output, StringComparison.Ordinal);
        Assert.Contains($" node … --tls {Certs}/server-1\n", output, StringComparison.Ordinal);
        Assert.Equal(
            ["ca-key.pem", "ca.pem", "server-1/ca.pem", "server-1/node-key.pem", "server-1/node.pem", "token", "worker/ca.pem", "worker/node-key.pem", "worker/node.pem"],
            Directory.EnumerateFiles(Certs, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Certs, file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Init_again_keeps_what_is_there_and_adds_what_is_not()
    {
        await Run("certs", "init", "--out", Certs, "--node", "server-1", "--token", Path.Combine(Certs, "token"));
        var before = Contents();

        var (exitCode, output, _) = await Run("certs", "init", "--out", Certs, "--node", "server-1", "--node", "server-2", "--token", Path.Combine(Certs, "token"));

        Assert.Equal(0, exitCode);
        Assert.Equal(3, output.Split("(was there)").Length - 1);
        Assert.Equal(before, Contents().Where(file => before.ContainsKey(file.Key)).ToDictionary());
        Assert.True(File.Exists(Path.Combine(Certs, "server-2", "node.pem")));

        Dictionary<string, string> Contents() => Directory.EnumerateFiles(Certs, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllText);
    }

    [Fact]
    public async Task Init_leaves_nothing_behind_when_one_of_the_nodes_is_wrong()
    {
        var (exitCode, _, _) = await Run("certs", "init", "--out", Certs, "--node", "server-1", "--node", "no name");

        Assert.Equal(2, exitCode);
        Assert.False(Directory.Exists(Certs));
    }

    [Fact]
    public async Task Show_lists_names_and_ends_and_warns_of_what_ends_soon()
    {
        await Run("certs", "init", "--out", Certs, "--node", "server-1,10.0.0.11");
        await Run("certs", "init", "--out", Certs, "--node", "server-2", "--days", "20");

        var (exitCode, output, error) = await Run("certs", "show", Certs);

        Assert.Equal(0, exitCode);
        Assert.Contains("CERTIFICATE", output, StringComparison.Ordinal);
        Assert.Contains("server-1, 10.0.0.11", output, StringComparison.Ordinal);
        Assert.Contains("in 729 days", output, StringComparison.Ordinal);
        var warning = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("warning: The certificate CN=server-2 of this node ends on ", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_fails_for_a_node_whose_certificate_cannot_be_used()
    {
        await Run("certs", "init", "--out", Certs, "--node", "server-1", "--node", "server-2");
        File.Copy(Path.Combine(Certs, "server-2", "node-key.pem"), Path.Combine(Certs, "server-1", "node-key.pem"), overwrite: true);

        var (exitCode, _, error) = await Run("certs", "show", Certs);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("error: The node's certificate in ", error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var exitCode = await CommandLine.InvokeAsync(arguments, new Terminal(output, error, IsLive: false, HasColor: false, () => 100));
        return (exitCode, output.ToString(), error.ToString());
    }
}
