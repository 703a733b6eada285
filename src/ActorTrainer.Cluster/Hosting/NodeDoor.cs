using System.Collections.Immutable;
using System.Globalization;
using ActorTrainer.Training.Protocol;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>
/// Who a node is and how tensors are pulled from it. Like <see cref="NodeCapabilities"/> it travels as roles
/// of the cluster's member, so that whoever knows of a node can pull from it.
/// </summary>
/// <param name="ComputeThreads">0 on a node that computes nothing.</param>
internal sealed record NodeDoor(NodeId Node, int DataPort, int ComputeThreads)
{
    private const string NodePrefix = "id-";
    private const string DataPrefix = "data-";
    private const string ThreadsPrefix = "threads-";

    /// <summary>A name that no process had before.</summary>
    public static NodeId NewId() => new($"node-{Guid.NewGuid():n}"[..17]);

    public ImmutableArray<string> ToRoles() =>
    [
        NodePrefix + Node.Value,
        string.Create(CultureInfo.InvariantCulture, $"{DataPrefix}{DataPort}"),
        string.Create(CultureInfo.InvariantCulture, $"{ThreadsPrefix}{ComputeThreads}"),
    ];

    public static NodeDoor FromRoles(IEnumerable<string> roles)
    {
        var (node, port, threads) = (new NodeId(""), 0, 0);
        foreach (var role in roles)
        {
            if (role.StartsWith(NodePrefix, StringComparison.Ordinal))
            {
                node = new NodeId(role[NodePrefix.Length..]);
            }
            else if (role.StartsWith(DataPrefix, StringComparison.Ordinal))
            {
                _ = int.TryParse(role.AsSpan(DataPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out port);
            }
            else if (role.StartsWith(ThreadsPrefix, StringComparison.Ordinal))
            {
                _ = int.TryParse(role.AsSpan(ThreadsPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out threads);
            }
        }

        return new NodeDoor(node, port, threads);
    }
}
