using System.Globalization;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Serialization;

namespace ActorTrainer.Benchmarks.Coordination;

/// <summary>What a process has sent to others of its cluster, and pulled from them.</summary>
/// <param name="MessageBytes">Without what the transport puts around them.</param>
/// <param name="TensorBytes">Pulled through the data plane.</param>
internal readonly record struct Traffic(long Messages, long MessageBytes, long TensorBytes)
{
    /// <param name="nodes">All there are in this process.</param>
    public static Traffic Of(params IReadOnlyList<TrainingNode> nodes) =>
        new(ClusterMessageSerializer.Messages, ClusterMessageSerializer.MessageBytes, nodes.Sum(node => node.FetchedTensorBytes));

    public static Traffic Parse(string line)
    {
        var numbers = line.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new Traffic(numbers[0], numbers[1], numbers[2]);
    }

    public static Traffic operator +(Traffic one, Traffic other) =>
        new(one.Messages + other.Messages, one.MessageBytes + other.MessageBytes, one.TensorBytes + other.TensorBytes);

    public static Traffic operator -(Traffic one, Traffic other) =>
        new(one.Messages - other.Messages, one.MessageBytes - other.MessageBytes, one.TensorBytes - other.TensorBytes);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Messages} {MessageBytes} {TensorBytes}");
}
