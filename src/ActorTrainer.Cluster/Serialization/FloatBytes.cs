using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace ActorTrainer.Cluster.Serialization;

/// <summary>Floats as little-endian bytes (B13's order) and back, bit for bit.</summary>
internal static class FloatBytes
{
    public static ByteString Of(ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            return ByteString.CopyFrom(MemoryMarshal.AsBytes(values));
        }

        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    /// <exception cref="FormatException">The bytes are no whole number of floats.</exception>
    public static float[] ToFloats(ByteString bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
        {
            throw new FormatException($"{bytes.Length} bytes are no whole number of floats.");
        }

        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.Span[(i * sizeof(float))..]);
        }

        return values;
    }
}
