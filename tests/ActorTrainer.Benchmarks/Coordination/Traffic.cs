using System.Collections.Immutable;
using System.Globalization;

namespace ActorTrainer.Benchmarks.Coordination;

/// <summary>What processes have sent to each other, by kind of message.</summary>
/// <param name="OfSteps">Of the steps that are measured: messages, and their bytes without what the transport puts around them.</param>
/// <param name="OfTime">Messages of no step, which go by time or because somebody came.</param>
/// <param name="TensorBytes">Pulled through the data plane for the steps that are measured.</param>
internal sealed record Traffic(ImmutableSortedDictionary<string, Traffic.Kind> OfSteps, ImmutableSortedDictionary<string, Traffic.Kind> OfTime, long TensorBytes)
{
    public static Traffic None { get; } = new(ImmutableSortedDictionary<string, Kind>.Empty, ImmutableSortedDictionary<string, Kind>.Empty, 0);

    public long Messages => OfSteps.Values.Sum(kind => kind.Messages);

    public long MessageBytes => OfSteps.Values.Sum(kind => kind.Bytes);

    /// <summary>What <see cref="ToString"/> made.</summary>
    public static Traffic Parse(string line)
    {
        var parts = line.Split('|');
        return new Traffic(Kinds(parts[0]), Kinds(parts[1]), long.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    public static Traffic operator +(Traffic one, Traffic other) =>
        new(Sum(one.OfSteps, other.OfSteps), Sum(one.OfTime, other.OfTime), one.TensorBytes + other.TensorBytes);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Line(OfSteps)}|{Line(OfTime)}|{TensorBytes}");

    private static ImmutableSortedDictionary<string, Kind> Sum(ImmutableSortedDictionary<string, Kind> one, ImmutableSortedDictionary<string, Kind> other) =>
        one.SetItems(other.Select(kind => KeyValuePair.Create(kind.Key, one.GetValueOrDefault(kind.Key) + kind.Value)));

    private static string Line(ImmutableSortedDictionary<string, Kind> kinds) => string.Join(
        ' ', kinds.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Value.Messages} {kind.Value.Bytes}")));

    private static ImmutableSortedDictionary<string, Kind> Kinds(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Chunk(3)
        .ToImmutableSortedDictionary(
            kind => kind[0],
            kind => new Kind(long.Parse(kind[1], CultureInfo.InvariantCulture), long.Parse(kind[2], CultureInfo.InvariantCulture)));

    internal readonly record struct Kind(long Messages, long Bytes)
    {
        public static Kind operator +(Kind one, Kind other) => new(one.Messages + other.Messages, one.Bytes + other.Bytes);
    }
}
