using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ActorTrainer.EndToEnd.Tests.Containers;

/// <summary>
/// The cluster of docker-compose.yml without an engine: its services as processes with the image's entry point and
/// environment, their own environment, names, certificates and secrets, each in a network namespace of its own.
/// </summary>
[Collection(WorkshopCollection.Name)]
public sealed partial class ComposeSpecs(Workshop workshop)
{
    private const string Program = "/app/actortrainer.dll";
    private static readonly string[] Servers = ["server-0", "server-1", "server-2"];
    private static readonly string[] Workers = ["worker-1", "worker-2", "worker-3"];
    private static readonly string[] Job = ["--set", "recipe.training.steps=400", "--set", "placement.workers=3"];

    private static readonly string Root = FindRoot();
    private static readonly Dictionary<string, ComposeService> Services = ComposeFile.Read(Path.Combine(Root, "docker-compose.yml"));
    private static readonly ImageFile Image = ImageFile.Read(Path.Combine(Root, "deploy", "Dockerfile"));

    [Fact]
    public void Names_no_container_so_that_workers_can_be_scaled_and_writes_to_volumes_alone()
    {
        foreach (var service in Servers.Append("gateway").Append("worker").Select(name => Services[name]))
        {
            Assert.False(service.HasFixedName);
            Assert.True(service.IsReadOnly);
            Assert.Equal("30s", service.GracePeriod);
        }
    }

    [Fact]
    public void Shows_each_secret_to_those_alone_who_need_it()
    {
        var nodes = Services.Values.Where(service => service.Name is not ("init" or "client")).ToList();

        Assert.DoesNotContain(nodes, node => node.Volumes.Values.Contains("authority"));
        Assert.Equal(["gateway"], nodes.Where(node => node.Volumes.Values.Contains("access")).Select(node => node.Name));
        Assert.Equal(["postgres", .. Servers], nodes.Where(node => node.Volumes.Values.Contains("database-secret")).Select(node => node.Name).Order(StringComparer.Ordinal));
        Assert.All(nodes.Where(node => node.Volumes.ContainsKey("/tls")), node => Assert.Equal($"tls-{node.Name}", node.Volumes["/tls"]));
    }

    [Fact]
    public void Runs_the_program_as_an_account_that_is_not_root()
    {
        Assert.Equal(["dotnet", Program], Image.EntryPoint);
        Assert.Equal(["node"], Image.Command);
        Assert.Equal("1654:1654", Image.User);
    }

    [ContainerFact]
    public async Task Trains_over_three_servers_and_a_growing_number_of_workers_to_the_hash_of_one_process()
    {
        var example = Path.Combine(Root, "examples", "binary-addition.yaml");
        var expected = await Workshop.HashOfAsync(["train", example, .. Job, "--data-dir", workshop.NewHome()]);
        await using var network = await ContainerNetwork.CreateAsync(Network(), ["init", "postgres", "gateway", "client", .. Servers, .. Workers]);
        await InitAsync(network);
        await StartDatabaseAsync(network);
        var nodes = Servers.Select(name => (Name: name, Process: StartNode(network, name, Services[name]))).ToList();
        nodes.Add(("gateway", StartNode(network, "gateway", Services["gateway"])));
        nodes.Add((Workers[0], StartNode(network, Workers[0], Services["worker"])));
        foreach (var (name, process) in nodes)
        {
            await network.WroteAsync(process, " is up at ");
            await IsHealthyAsync(network, name);
        }

        // docker compose run --rm client job submit /examples/binary-addition.yaml --watch
        string[] submit = ["job", "submit", "/examples/binary-addition.yaml", .. Job, "--watch"];
        var job = network.Start("client", Command(network, "client", Services["client"], submit), Inside(network, "client", Services["client"]));
        foreach (var name in Workers[1..])
        {
            nodes.Add((name, StartNode(network, name, Services["worker"])));
        }

        await job.WaitForExitAsync().WaitAsync(ContainerNetwork.Patience);

        Assert.True(job.ExitCode == 0, network.AllWritten());
        Assert.Equal(expected, Hash().Match(network.Written(job)).Groups[1].Value);
        nodes.Reverse();
        foreach (var (name, process) in nodes)
        {
            await ContainerNetwork.RunAsync("kill", "-TERM", ChildOf(process));
            await process.WaitForExitAsync().WaitAsync(ContainerNetwork.Patience);
            Assert.True(process.ExitCode == 0, $"{name} ended with {process.ExitCode}:\n{network.AllWritten()}");
        }
    }

    private static string Assembly => Path.Combine(AppContext.BaseDirectory, Path.GetFileName(Program));

    /// <summary>deploy/init.sh, with the places of its volumes.</summary>
    private static async Task InitAsync(ContainerNetwork network)
    {
        var script = await File.ReadAllTextAsync(Path.Combine(Root, "deploy", "init.sh"));
        foreach (var (path, volume) in Services["init"].Volumes.OrderByDescending(volume => volume.Key.Length))
        {
            // A volume within a volume: what init writes there belongs to the node's own.
            script = script.Replace(path, network.Volume(volume), StringComparison.Ordinal);
        }

        var secrets = network.Volume("secrets");
        script = script.Replace("/secrets", secrets, StringComparison.Ordinal).Replace(Program, Assembly, StringComparison.Ordinal);
        await network.RunToEndAsync("init", ["sh", "-c", script], Services["init"].Environment);
        foreach (var node in Servers.Append("gateway").Append("worker"))
        {
            // The engine mounts them where `certs init` writes.
            Directory.Delete(network.Volume($"tls-{node}"));
            Directory.Move(Path.Combine(network.Volume("authority"), node), Path.Combine(Path.GetDirectoryName(secrets)!, $"tls-{node}"));
        }
    }

    private static async Task StartDatabaseAsync(ContainerNetwork network)
    {
        var programs = Path.Combine(Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last(), "bin");
        var place = Services["postgres"];
        var secret = network.Volume(place.Volumes["/database"]);
        var data = network.Volume(place.Volumes["/var/lib/postgresql/data"]);
        await ContainerNetwork.RunAsync("chown", "-R", "postgres", data);
        foreach (var open in new[] { Path.GetDirectoryName(data)!, secret })
        {
            await ContainerNetwork.RunAsync("chmod", "755", open);
        }

        var user = place.Environment["POSTGRES_USER"];
        await network.RunToEndAsync(
            "postgres",
            ["runuser", "-u", "postgres", "--", $"{programs}/initdb", "-D", $"{data}/db", "-U", user, "-A", "scram-sha-256", $"--pwfile={secret}/password", "-E", "UTF8", "--no-sync"],
            place.Environment);
        await File.AppendAllTextAsync($"{data}/db/pg_hba.conf", "host all all 0.0.0.0/0 scram-sha-256\n");
        var server = network.Start(
            "postgres",
            ["runuser", "-u", "postgres", "--", $"{programs}/postgres", "-D", $"{data}/db", "-c", "listen_addresses=*", "-c", "unix_socket_directories="],
            place.Environment);
        await network.WroteAsync(server, "ready to accept connections");
        var password = new Dictionary<string, string> { ["PGPASSWORD"] = await File.ReadAllTextAsync($"{secret}/password") };
        await network.RunToEndAsync("postgres", [$"{programs}/createdb", "-h", "127.0.0.1", "-U", user, place.Environment["POSTGRES_DB"]], password);
    }

    private static Process StartNode(ContainerNetwork network, string name, ComposeService service) =>
        network.Start(name, Command(network, name, service, Image.Command), Inside(network, name, service));

    /// <summary>As an engine asks: with the image's command, until it says yes.</summary>
    private static async Task IsHealthyAsync(ContainerNetwork network, string name)
    {
        var service = Services[name.StartsWith("worker", StringComparison.Ordinal) ? "worker" : name];
        var since = Stopwatch.StartNew();
        while (true)
        {
            var check = network.Start(name, Image.HealthCheck.Select(word => Inside(network, name, service, word)), Inside(network, name, service));
            await check.WaitForExitAsync().WaitAsync(ContainerNetwork.Patience);
            if (check.ExitCode == 0)
            {
                return;
            }

            Assert.True(since.Elapsed < ContainerNetwork.Patience, network.AllWritten());
        }
    }

    /// <summary>The image's entry point and these words, with directories for the paths of the container.</summary>
    private static IEnumerable<string> Command(ContainerNetwork network, string name, ComposeService service, IEnumerable<string> words) =>
        Image.EntryPoint.Concat(words).Select(word => Inside(network, name, service, word));

    /// <summary>The image's environment and the service's, with directories for the paths of the container.</summary>
    private static Dictionary<string, string> Inside(ContainerNetwork network, string name, ComposeService service)
    {
        // Each node may have one of this machine's cores, not all of them.
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ACTORTRAINER_THREADS"] = "1" };
        foreach (var (variable, value) in Image.Environment.Concat(service.Environment))
        {
            environment[variable] = Inside(network, name, service, value);
        }

        return environment;
    }

    private static string Inside(ContainerNetwork network, string name, ComposeService service, string text)
    {
        if (text == Program)
        {
            return Assembly;
        }

        // The image's own volume; a service may have mounted another there.
        var volumes = service.Volumes.Append(KeyValuePair.Create("/data", $"data-{name}"));
        foreach (var (path, volume) in volumes.Where(volume => text == volume.Key || text.StartsWith(volume.Key + "/", StringComparison.Ordinal)))
        {
            var place = volume.StartsWith('.') ? Path.Combine(Root, volume) : network.Volume(volume);
            return place + text[path.Length..];
        }

        return text;
    }

    /// <summary>The first three numbers of the compose file's network, at its default.</summary>
    private static string Network() => Services["worker"].Environment["ACTORTRAINER_PUBLIC_HOST"].Split(".0/")[0];

    /// <summary>`ip netns exec` becomes the program: it is the same process.</summary>
    private static string ChildOf(Process process) => process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorTrainer.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"no ActorTrainer.sln above {AppContext.BaseDirectory}");
        }

        return folder.FullName;
    }

    [GeneratedRegex("weights_sha256 +([0-9a-f]{64})")]
    private static partial Regex Hash();

    /// <summary>A spec that needs network namespaces and PostgreSQL; skipped, with the reason, where they may not be had.</summary>
    private sealed class ContainerFactAttribute : FactAttribute
    {
        public ContainerFactAttribute() => Skip = ContainerNetwork.Lacking;
    }
}
