using System.Globalization;

namespace ActorTrainer.EndToEnd.Tests.Clusters;

/// <summary>What stands behind `actortrainer node` for one node of a cluster.</summary>
/// <param name="Roles">Of server, gateway and worker, with commas.</param>
/// <param name="Home">Its data directory.</param>
/// <param name="Host">What others call it by, and what it listens on.</param>
/// <param name="GatewayPort">0: it is no gateway.</param>
internal sealed record NodeSettings(string Name, string Roles, string Home, string Host, int ClusterPort, int GatewayPort)
{
    /// <summary>Of PostgreSQL; null: SQLite in the data directory.</summary>
    public string? Database { get; init; }

    /// <summary>Where its certificates are; null: none, on loopback.</summary>
    public string? TlsDirectory { get; init; }

    /// <summary>Threads that compute.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>A command that becomes the program, such as "ip netns exec NAME".</summary>
    public string[] Within { get; init; } = [];

    public (string Name, string Value)[] Environment { get; init; } = [];

    /// <summary>Where its gateway is called.</summary>
    public Uri Endpoint => new(string.Create(
        CultureInfo.InvariantCulture, $"{(TlsDirectory is null ? "http" : "https")}://{Host}:{GatewayPort}"));

    /// <summary>The address that others name as a seed.</summary>
    public string Seed => string.Create(CultureInfo.InvariantCulture, $"{Host}:{ClusterPort}");

    public IEnumerable<string> Arguments(string[] seedNodes) =>
    [
        "node", "--roles", Roles, "--data-dir", Home, "--listen", Seed, "--seed-nodes", string.Join(',', seedNodes),
        .. Has("worker") ? ["--threads", Threads.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        .. Has("gateway") ? ["--gateway-listen", string.Create(CultureInfo.InvariantCulture, $"{Host}:{GatewayPort}")] : Array.Empty<string>(),
        .. Has("server") && Database is not null ? ["--database", Database] : Array.Empty<string>(),
        .. TlsDirectory is not null ? ["--tls", TlsDirectory] : Array.Empty<string>(),
    ];

    public bool Has(string role) => Roles.Split(',').Contains(role);
}
