using System.Text;

namespace ActorTrainer.Data.Tests;

public sealed class HostileTextTests
{
    private const int Mutants = 20_000;
    private const int Seed = 20260301;

    private static readonly byte[][] Originals =
    [
        Encoding.UTF8.GetBytes("The quick brown fox\r\njumps over the lazy dog.\n"),
        Encoding.UTF8.GetBytes("\uFEFF春眠不覺曉,處處聞啼鳥。"),
        Encoding.UTF8.GetBytes("a😀é\0ﬀ\u2028\uFFFD\U0010FFFF"),
        Encoding.UTF8.GetBytes("é"),
        [],
    ];

    /// <summary>Bytes at which UTF-8 changes its mind.</summary>
    private static readonly byte[] Edges =
        [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBB, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFE, 0xFF];

    [Fact]
    public void Every_mutant_is_read_as_the_framework_reads_it_or_refused_with_one_exception()
    {
        var random = new Random(Seed);
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        var (read, refused) = (0, 0);
        for (var mutant = 0; mutant < Mutants; mutant++)
        {
            var bytes = Mutated(Originals[random.Next(Originals.Length)], random);
            var pieceLength = random.Next(1, 9);
            try
            {
                var data = new TextData(new PiecewiseStream(bytes, pieceLength), 1, 1, 0);
                read++;
                var expected = strict.GetString(bytes);
                expected = expected.StartsWith('\uFEFF') ? expected[1..] : expected;
                Assert.Equal(expected.EnumerateRunes().Distinct().Order(), data.Vocabulary.Characters.EnumerateRunes());
                Assert.Equal(expected.EnumerateRunes().Count(), data.TrainingCharacters);
            }
            catch (InvalidTextException refusal)
            {
                refused++;
                Assert.True(IsTooShort(bytes, strict) || refusal.Message.Contains("byte offset"), $"mutant {mutant}: {refusal.Message}");
            }
        }

        // Both halves must have been met, or the mutants test nothing.
        Assert.True(read > Mutants / 10 && refused > Mutants / 10, $"{read} read, {refused} refused");
    }

    private static bool IsTooShort(byte[] bytes, UTF8Encoding strict)
    {
        try
        {
            return strict.GetString(bytes).TrimStart('\uFEFF').EnumerateRunes().Count() < 2;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static byte[] Mutated(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var change = random.Next(4); change > 0; change--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = Edges[random.Next(Edges.Length)];
                    break;
                case 2:
                    bytes.Insert(at, Edges[random.Next(Edges.Length)]);
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.AddRange(Originals[random.Next(Originals.Length)].Skip(random.Next(3)).Take(random.Next(9)));
                    break;
            }
        }

        return [.. bytes];
    }
}
