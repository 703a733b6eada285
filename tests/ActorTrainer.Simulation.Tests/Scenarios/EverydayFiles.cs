using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace ActorTrainer.Simulation.Tests;

/// <summary>Small files of every form that data comes in, made by arithmetic alone.</summary>
internal static class EverydayFiles
{
    /// <summary>37 lines of different lengths.</summary>
    public static byte[] Names { get; } = Encoding.UTF8.GetBytes(string.Concat(
        Enumerable.Range(0, 37).Select(i => $"{"abcdefg"[i % 7]}{new string("nmo"[i % 3], 1 + (i % 5))}水{(char)('a' + (i * i % 11))}\n")));

    /// <summary>A table of two series and one further column, with gaps.</summary>
    public static byte[] Table { get; } = Encoding.UTF8.GetBytes("month,sold,price,heat\n" + string.Concat(
        Enumerable.Range(0, 60).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{i},{20 + (i % 12)},{3 + (i * 7 % 5)}.5,{(i % 9 == 4 ? "" : $"{i % 4}")}\n"))));

    /// <summary>23 labelled sequences of two numbers a row, of 2 to 6 rows.</summary>
    public static byte[] Csv { get; } = Encoding.UTF8.GetBytes("id,x,y,kind\n" + string.Concat(
        Enumerable.Range(0, 23).SelectMany(i => Enumerable.Range(0, 2 + (i % 5)).Select(t => $"s{i},{(i * t) % 7},{t - i},{"red,green,blue".Split(',')[i % 3]}\n"))));

    /// <summary>Sequences with a class at every step, of which every fourth is masked.</summary>
    public static byte[] Tagged { get; } = Lines(26, (i, t) => $"{(i + (t * t)) % 5}.5", (i, t) => (i + t) % 4 == 3 ? "null" : $"\"{"abc"[(i + t) % 3]}\"");

    /// <summary>Sequences with a class at every step, of which the last ten have no target at all.</summary>
    public static byte[] Masked { get; } = Lines(15, (i, t) => $"{(i + (t * t)) % 5}.5", (i, t) => i > 4 ? "null" : $"\"{"ab"[(i + t) % 2]}\"");

    /// <summary>Sequences with two numbers at every step to be told, of which every fifth is masked.</summary>
    public static byte[] Measured { get; } = Lines(22, (i, t) => $"[{(i + t) % 3},{t}.25]", (i, t) => (i + t) % 5 == 4 ? "null" : $"[{i % 7},{(t * i) % 4}.5]");

    /// <summary>Sequences of named events, each with a class.</summary>
    public static byte[] Events { get; } = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 24).Select(i =>
        $"{{\"x\":[{string.Join(',', Enumerable.Range(0, 1 + (i % 6)).Select(t => $"\"e{(i + (3 * t)) % 8}\""))}],\"y\":{(i % 2 == 0 ? "true" : "false")}}}\n")));

    /// <summary>45 pictures of 6 × 5 pixels, gzip.</summary>
    public static byte[] Images { get; } = Gzip(Idx([45, 6, 5], i => (byte)((i * i) % 251)));

    public static byte[] Labels { get; } = Idx([45], i => (byte)(i % 4));

    public static byte[] ValidationImages { get; } = Idx([11, 6, 5], i => (byte)((i * 5) % 256));

    public static byte[] ValidationLabels { get; } = Idx([11], i => (byte)(i % 4));

    private static byte[] Lines(int count, Func<int, int, string> input, Func<int, int, string> label)
    {
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i =>
            $"{{\"x\":[{Steps(i, input)}],\"y\":[{Steps(i, label)}]}}\n")));

        static string Steps(int i, Func<int, int, string> of) => string.Join(',', Enumerable.Range(0, 2 + (i % 4)).Select(t => of(i, t)));
    }

    private static byte[] Idx(int[] dimensions, Func<int, byte> value)
    {
        var file = new byte[4 + (4 * dimensions.Length) + dimensions.Aggregate(1, (product, size) => product * size)];
        (file[2], file[3]) = (8, (byte)dimensions.Length);
        for (var i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), dimensions[i]);
        }

        for (var i = 4 + (4 * dimensions.Length); i < file.Length; i++)
        {
            file[i] = value(i - 4 - (4 * dimensions.Length));
        }

        return file;
    }

    private static byte[] Gzip(byte[] file)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(file);
        }

        return packed.ToArray();
    }
}
