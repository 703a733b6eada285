using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>What a node's process is about, kept in the file node.json of its data directory for those who supervise it.</summary>
/// <param name="Node">Its name in the cluster, new at each start.</param>
/// <param name="Cluster">host:port by which others call it.</param>
/// <param name="Data">host:port from which they pull tensors and data sets.</param>
/// <param name="Nodes">Members of its cluster; 0 before it is in one.</param>
/// <param name="Heartbeat">When it last said so, at least every <see cref="NodeStatusFile.IntervalSeconds"/> seconds.</param>
public sealed record NodeStatus(
    [property: JsonPropertyName("node")] string Node,
    [property: JsonPropertyName("state")] NodeState State,
    [property: JsonPropertyName("roles")] ImmutableArray<string> Roles,
    [property: JsonPropertyName("pid")] int Pid,
    [property: JsonPropertyName("cluster")] string Cluster,
    [property: JsonPropertyName("data")] string Data,
    [property: JsonPropertyName("nodes")] int Nodes,
    [property: JsonPropertyName("started")] DateTimeOffset Started,
    [property: JsonPropertyName("heartbeat")] DateTimeOffset Heartbeat)
{
    /// <summary>Name of the file in the data directory.</summary>
    public const string FileName = "node.json";

    /// <summary>Seconds of silence after which a node counts as dead: it may have been stopped, or its disk be full.</summary>
    public const int SilenceSeconds = 15;

    /// <summary>What the file of a data directory says; null if there is none that can be read.</summary>
    public static NodeStatus? Read(string dataDirectory)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(dataDirectory, FileName)), NodeStatusJson.Default.NodeStatus);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the node can do its work, and a sentence about it.</summary>
    public (bool IsHealthy, string Sentence) Judge(DateTimeOffset now)
    {
        var silence = now - Heartbeat;
        var name = $"{Node} ({string.Join(", ", Roles)})";
        return State switch
        {
            NodeState.Stopped => (false, $"{name} has stopped"),
            _ when silence.TotalSeconds > SilenceSeconds =>
                (false, string.Create(CultureInfo.InvariantCulture, $"{name} has not been heard of for {silence.TotalSeconds:0} s")),
            NodeState.Starting => (false, $"{name} waits to be let into the cluster"),
            NodeState.Leaving => (false, $"{name} is leaving the cluster"),
            _ => (true, $"{name} is up at {Cluster} in a cluster of {Nodes}"),
        };
    }

    internal void Write(string dataDirectory) =>
        PrivateFiles.WriteWhole(Path.Combine(dataDirectory, FileName), JsonSerializer.Serialize(this, NodeStatusJson.Default.NodeStatus) + "\n", durable: false);
}

/// <summary>Where a node is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeState>))]
public enum NodeState
{
    /// <summary>It is not in a cluster yet.</summary>
    [JsonStringEnumMemberName("starting")]
    Starting,

    [JsonStringEnumMemberName("up")]
    Up,

    /// <summary>It was told to stop, and finishes what others need of it.</summary>
    [JsonStringEnumMemberName("leaving")]
    Leaving,

    [JsonStringEnumMemberName("stopped")]
    Stopped,
}

/// <summary>Made when the program is built: looking into the record while a node starts would cost it a part of its start.</summary>
[JsonSerializable(typeof(NodeStatus))]
internal sealed partial class NodeStatusJson : JsonSerializerContext;
