using System.Runtime.InteropServices;
using ActorTrainer.Numerics;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Training.Machines;

/// <summary>
/// The barrier's part of a checkpoint, after a training step: what every lane carries, and the sums of the
/// last steps. As bytes, little-endian.
/// </summary>
/// <param name="Item">The training item after which it was saved.</param>
/// <param name="Recent">Sums of the last steps, the oldest first.</param>
/// <param name="States">For each lane its carried state of training; empty where nothing is carried.</param>
internal sealed record LanesPart(long Item, IReadOnlyList<LossSums> Recent, IReadOnlyList<ReadOnlyMemory<float>> States)
{
    private const uint Magic = 0x324C5441; // "ATL2"
    private const uint WithoutTargets = 0x314C5441; // "ATL1": its sums end before the targets, which were the weight

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(ArithmeticVersion.Current);
        writer.Write(Item);
        writer.Write(Recent.Count);
        foreach (var sums in Recent)
        {
            writer.Write(sums.Loss);
            writer.Write(sums.Weight);
            writer.Write(sums.Correct);
            writer.Write(sums.Sequences);
            writer.Write(sums.ExactSequences);
            writer.Write(sums.Targets);
        }

        writer.Write(States.Count);
        foreach (var state in States)
        {
            writer.Write(state.Length);
            writer.Write(MemoryMarshal.AsBytes(state.Span));
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no such part.</exception>
    public static LanesPart Read(ReadOnlySpan<byte> bytes)
    {
        var stream = new MemoryStream(bytes.ToArray());
        using var reader = new BinaryReader(stream);
        try
        {
            var magic = reader.ReadUInt32();
            if (magic is not (Magic or WithoutTargets))
            {
                throw new InvalidDataException($"these {bytes.Length} bytes are no part of a barrier");
            }

            var arithmetic = reader.ReadInt32();
            if (arithmetic != ArithmeticVersion.Current)
            {
                throw new InvalidDataException(
                    $"the part was saved by arithmetic version {arithmetic}; this program has {ArithmeticVersion.Current}");
            }

            var item = reader.ReadInt64();
            var recent = new LossSums[Count(reader.ReadInt32(), stream, size: magic == Magic ? 48 : 40)];
            for (var i = 0; i < recent.Length; i++)
            {
                recent[i] = new LossSums(
                    reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
                recent[i] = recent[i] with { Targets = magic == Magic ? reader.ReadDouble() : recent[i].Weight };
            }

            var states = new ReadOnlyMemory<float>[Count(reader.ReadInt32(), stream, size: 4)];
            for (var i = 0; i < states.Length; i++)
            {
                var state = new float[Count(reader.ReadInt32(), stream, size: 4)];
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(state.AsSpan()));
                states[i] = state;
            }

            return new LanesPart(item, recent, states);
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"the part of {bytes.Length} bytes ends too early");
        }
    }

    private static int Count(int count, MemoryStream stream, int size) =>
        count >= 0 && (long)count * size <= stream.Length - stream.Position
            ? count
            : throw new InvalidDataException($"the part speaks of {count} entries, for which it is too short");
}
