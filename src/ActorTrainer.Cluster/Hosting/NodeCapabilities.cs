using System.Collections.Immutable;
using System.Globalization;
using ActorTrainer.Numerics;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>
/// What a machine brings. It travels as roles of the cluster's member, the only words about a node that
/// every other node hears as it joins.
/// </summary>
public sealed record NodeCapabilities(int Cores, int VectorBits, string ProbeSha256)
{
    private const string CoresPrefix = "cores-";
    private const string VectorPrefix = "vector-";
    private const string ProbePrefix = "probe-";

    private static readonly Lazy<Task<NodeCapabilities>> Probed = new(() => Task.Run(OfThisMachine));

    /// <summary>Probes this machine, once in a process; the first to ask begins it.</summary>
    /// <exception cref="NodeStartException">It computes other bits than it should, and would spoil every run it takes part in.</exception>
    internal static Task<NodeCapabilities> OfThisMachineAsync() => Probed.Value;

    private static NodeCapabilities OfThisMachine()
    {
        var probe = Probe.Sha256();
        return probe == Probe.Expected
            ? new NodeCapabilities(Environment.ProcessorCount, (int)VectorWidths.Widest, probe)
            : throw new NodeStartException(
                $"This machine does not compute as it should: its probe gives {probe} and not {Probe.Expected}. "
                + "A run on it would have other results than on any other machine; please report this with the kind of processor.");
    }

    internal ImmutableArray<string> ToRoles() =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{CoresPrefix}{Cores}"),
        string.Create(CultureInfo.InvariantCulture, $"{VectorPrefix}{VectorBits}"),
        ProbePrefix + ProbeSha256,
    ];

    internal static NodeCapabilities FromRoles(IEnumerable<string> roles)
    {
        var (cores, bits, probe) = (0, 0, "");
        foreach (var role in roles)
        {
            if (role.StartsWith(CoresPrefix, StringComparison.Ordinal))
            {
                _ = int.TryParse(role.AsSpan(CoresPrefix.Length), CultureInfo.InvariantCulture, out cores);
            }
            else if (role.StartsWith(VectorPrefix, StringComparison.Ordinal))
            {
                _ = int.TryParse(role.AsSpan(VectorPrefix.Length), CultureInfo.InvariantCulture, out bits);
            }
            else if (role.StartsWith(ProbePrefix, StringComparison.Ordinal))
            {
                probe = role[ProbePrefix.Length..];
            }
        }

        return new NodeCapabilities(cores, bits, probe);
    }
}
