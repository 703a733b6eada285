using System.Globalization;
using System.Text;

namespace ActorTrainer.Data.Tests;

/// <summary>Files that went wrong in seeded ways, to be read by whatever reads files.</summary>
/// <param name="seed">Fixed, so that a failure can be looked at.</param>
/// <param name="originals">Good files.</param>
/// <param name="pieces">What is put into them; beside bytes at which UTF-8 and numbers change their minds.</param>
internal sealed class Mutants(int seed, byte[][] originals, string[] pieces)
{
    private static readonly byte[] Edges =
        [0x00, 0x09, 0x0A, 0x0D, 0x1F, 0x20, 0x22, 0x2C, 0x2D, 0x2E, 0x30, 0x5B, 0x5C, 0x5D, 0x65, 0x7B, 0x7D, 0x7F, 0x80, 0xBF, 0xC0, 0xC3, 0xED, 0xEF, 0xF4, 0xFF];

    private readonly Random _random = new(seed);
    private readonly byte[][] _pieces = [.. pieces.Select(Encoding.UTF8.GetBytes)];

    /// <summary>How many there are: 20,000, or what ACTORTRAINER_MUTANTS says.</summary>
    public static int Count { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("ACTORTRAINER_MUTANTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        ? count
        : 20_000;

    /// <summary>
    /// Reads every mutant. Whatever it is, reading ends, allocates no more than the limit and 64 MB, and throws nothing but
    /// what says what is wrong with data.
    /// </summary>
    /// <param name="limit">Bytes that reading may hold.</param>
    /// <param name="read">Reads one.</param>
    public void Read(long limit, Action<Stream> read)
    {
        var (taken, refused) = (0, 0);
        for (var mutant = 0; mutant < Count; mutant++)
        {
            var bytes = Next();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(new PiecewiseStream(bytes, _random.Next(1, 400)));
                taken++;
            }
            catch (Exception refusal) when (refusal is InvalidDataSetException or InvalidTextException)
            {
                refused++;
                Assert.InRange(refusal.Message.Length, 10, 20_000);
            }
            catch (Exception broken)
            {
                Assert.Fail($"mutant {mutant} of seed {seed} ({Convert.ToBase64String(bytes.AsSpan(0, Math.Min(bytes.Length, 2_000)))}): {broken}");
            }

            // What was allocated bounds what was held.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, limit + (64L << 20));
        }

        // Both halves must have been met, or the mutants test nothing.
        Assert.True(taken > Count / 50 && refused > Count / 10, $"{taken} read, {refused} refused");
    }

    private byte[] Next()
    {
        var bytes = originals[_random.Next(originals.Length)].ToList();
        for (var change = _random.Next(4); change > 0; change--)
        {
            Change(bytes);
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        switch (_random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = Edges[_random.Next(Edges.Length)];
                break;
            case 2:
                bytes.Insert(at, Edges[_random.Next(Edges.Length)]);
                break;
            case 3:
                bytes.RemoveRange(at, _random.Next(2) == 0 ? bytes.Count - at : Math.Min(bytes.Count - at, _random.Next(20)));
                break;
            case 4:
                bytes.InsertRange(at, bytes.Skip(_random.Next(bytes.Count + 1)).Take(_random.Next(40)).ToArray());
                break;
            case 5:
                // Now and then very much of it: deep nesting, long numbers, long lines.
                var piece = _pieces[_random.Next(_pieces.Length)];
                bytes.InsertRange(at, Enumerable.Repeat(piece, _random.Next(20) == 0 ? _random.Next(2_000) : 1).SelectMany(part => part).ToArray());
                break;
            case 6:
                Replace(bytes, at);
                break;
            default:
                bytes.AddRange(originals[_random.Next(originals.Length)].Take(_random.Next(60)));
                break;
        }
    }

    // A number or a word becomes something else.
    private void Replace(List<byte> bytes, int at)
    {
        var start = bytes.FindIndex(at, letter => char.IsAsciiLetterOrDigit((char)letter));
        if (start >= 0)
        {
            var end = bytes.FindIndex(start, letter => !char.IsAsciiLetterOrDigit((char)letter));
            bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
            bytes.InsertRange(start, _pieces[_random.Next(_pieces.Length)]);
        }
    }
}
