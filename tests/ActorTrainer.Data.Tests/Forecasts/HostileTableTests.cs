using System.Text;
using ActorTrainer.Data.Forecasts;
using ActorTrainer.Data.Tables;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests.Forecasts;

/// <summary>Broken CSV files through every reader of tables: each is read, or refused with one exception.</summary>
public sealed class HostileTableTests
{
    private const int Seed = 20261124;
    private const long Limit = 1 << 20;
    private const long MostMemory = Limit + (64 << 20);

    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;

    private static readonly byte[][] Originals =
    [
        Encoding.UTF8.GetBytes("t,x,y\n" + string.Concat(Enumerable.Range(1, 14).Select(n => $"m{n},{n},{n % 4}.5\n"))),
        Encoding.UTF8.GetBytes("\uFEFF\"t\",\"x\",\"y\"\r\n" + string.Concat(Enumerable.Range(1, 12).Select(n => $"\"年{n}\",\"{n}e-1\", 7 \r\n"))),
        Gbk.GetBytes("t,x,y,地点\n" + string.Concat(Enumerable.Range(1, 12).Select(n => $"{n}月,{n * n},NA,\"北京,\n上海\"\n"))),
        Encoding.UTF8.GetBytes("x;y;t\n1;;a\n2;3;b\n4;1;c\n5;1;\"d\"\"d\"\n6;1;e\n7;1;f\n8;1;g\n9;1;h"),
        Encoding.UTF8.GetBytes("x,y,t\n"),
        [],
    ];

    private static readonly byte[][] Pieces =
    [
        [.. "\""u8], [.. "\"\""u8], [.. ","u8], [.. ";"u8], [.. "\n"u8], [.. "\r"u8], [.. "\r\n"u8], [.. "\0"u8], [.. "NaN"u8], [.. "1e999"u8], [.. "-"u8], [.. "0"u8],
        [.. "1e308"u8], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0x81], [0xB1, 0xB1], [0xE5], [0xF0, 0x9F], [.. ",,,,,,,,"u8], [.. " \t"u8], [.. "x"u8],
    ];

    private static int Mutants => int.TryParse(Environment.GetEnvironmentVariable("ACTORTRAINER_MUTANTS"), out var count) && count > 20_000 ? count : 20_000;

    [Fact]
    public void Every_mutant_is_read_or_refused_with_one_exception_and_in_bounded_memory()
    {
        var random = new Random(Seed);
        var (read, refused, worst) = (0, 0, 0L);
        for (var mutant = 0; mutant < Mutants; mutant++)
        {
            var bytes = Mutated(random, large: mutant % 500 == 0);
            var format = new TableFormat((TextEncoding)random.Next(2), random.Next(4) == 0 ? ";" : ",", (MissingValues)random.Next(3));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Use(bytes, format, random);
                read++;
            }
            catch (InvalidDataSetException refusal)
            {
                refused++;
                Assert.InRange(refusal.Message.Length, 1, 4_000);
                Assert.DoesNotContain(refusal.Message, c => char.IsControl(c) && c != '\n');
            }
            catch (Exception cause)
            {
                Assert.Fail($"mutant {mutant} ({Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 400)))}, {format}): {cause}");
            }

            worst = Math.Max(worst, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(worst, 1, MostMemory);

        // Both halves must have been met, or the mutants test nothing.
        Assert.True(read > Mutants / 20 && refused > Mutants / 10, $"{read} read, {refused} refused");
    }

    private static void Use(byte[] bytes, TableFormat format, Random random)
    {
        var limits = new DataLimits(Limit, 1 << 18);
        var file = new PiecewiseStream(bytes, random.Next(1, 4096));
        if (random.Next(4) == 0)
        {
            TableSummary.Read(file, format, limits);
            return;
        }

        var options = new ForecastOptions(["x"], Window: 2)
        {
            Inputs = ["y"],
            Horizon = 1 + random.Next(2),
            Season = random.Next(3),
            Log = random.Next(3) == 0,
            Difference = random.Next(3),
            Standardize = random.Next(4) > 0,
            Time = "t",
            Table = format,
        };
        var data = new ForecastData(file, options, Head.LastStep, batchSize: 2, seed: 1, limits);
        ForecastBaselines.Naive(data);
        ForecastBaselines.SeasonalNaive(data);
        ForecastHistory.Read(new MemoryStream(bytes), options, DataSchema.FromJson(data.Schema.ToJson()), limits).Restore(new float[data.Outputs]);
    }

    private static byte[] Mutated(Random random, bool large)
    {
        var bytes = Originals[random.Next(Originals.Length)].ToList();
        for (var change = random.Next(5); change > 0; change--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2 when random.Next(3) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count + 1)).Take(random.Next(60)).ToArray());
                    break;
                default:
                    bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        if (large)
        {
            // A huge field, a huge row, a huge open quote, or very many rows; at times more than the bound.
            var piece = Pieces[random.Next(Pieces.Length)];
            var repeats = random.Next((int)(Limit * 5 / 4)) / piece.Length;
            bytes.InsertRange(random.Next(bytes.Count + 1), Enumerable.Repeat(piece, repeats).SelectMany(part => part));
        }

        return [.. bytes];
    }
}
