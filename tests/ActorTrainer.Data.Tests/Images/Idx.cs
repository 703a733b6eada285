using System.Buffers.Binary;
using System.IO.Compression;

namespace ActorTrainer.Data.Tests.Images;

/// <summary>IDX files made for a test.</summary>
internal static class Idx
{
    public static byte[] File(int[] dimensions, byte[] values, byte type = 8)
    {
        var bytes = new byte[4 + (4 * dimensions.Length) + values.Length];
        (bytes[2], bytes[3]) = (type, (byte)dimensions.Length);
        for (var i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), dimensions[i]);
        }

        values.CopyTo(bytes, 4 + (4 * dimensions.Length));
        return bytes;
    }

    public static byte[] Labels(params byte[] labels) => File([labels.Length], labels);

    /// <summary>Pictures whose pixels count up from 0: pixel p of picture i is (i · rows · columns + p) mod 256.</summary>
    public static byte[] Images(int count, int rows, int columns) =>
        File([count, rows, columns], [.. Enumerable.Range(0, count * rows * columns).Select(i => (byte)i)]);

    public static byte[] Gzip(params byte[][] members)
    {
        var packed = new MemoryStream();
        foreach (var member in members)
        {
            using var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true);
            gzip.Write(member);
        }

        return packed.ToArray();
    }
}
