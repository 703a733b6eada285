using System.Globalization;
using ActorTrainer.Cluster.Serialization;

namespace ActorTrainer.Benchmarks.Coordination;

/// <summary>What a process has sent to others of its cluster.</summary>
internal readonly record struct Traffic(long Messages, long MessageBytes)
{
    public static Traffic OfThisProcess() => new(ClusterMessageSerializer.Messages, ClusterMessageSerializer.MessageBytes);

    public static Traffic Parse(string line)
    {
        var numbers = line.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new Traffic(numbers[0], numbers[1]);
    }

    public static Traffic operator +(Traffic one, Traffic other) => new(one.Messages + other.Messages, one.MessageBytes + other.MessageBytes);

    public static Traffic operator -(Traffic one, Traffic other) => new(one.Messages - other.Messages, one.MessageBytes - other.MessageBytes);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Messages} {MessageBytes}");
}
