using System.Globalization;
using System.Text;
using ActorTrainer.Data;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Training.Predictions;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Training.Tests.Predictions;

/// <summary>Whatever is sent to be predicted from: an answer, or one error that says what is wrong.</summary>
public sealed class HostilePredictionTests
{
    /// <summary>Bytes that an answer may hold beside the limits it is given.</summary>
    private const long Room = 64L << 20;

    private static readonly DataLimits Limits = new(1 << 20, 1 << 16);

    /// <summary>20,000, or what ACTORTRAINER_MUTANTS says.</summary>
    private static readonly int Mutants =
        int.Parse(Environment.GetEnvironmentVariable("ACTORTRAINER_MUTANTS") ?? "20000", CultureInfo.InvariantCulture);

    private static readonly byte[] Telling = Encoding.UTF8.GetBytes("\"',;{}[]\n\r\0\u007f0189.-+eENaN\u00e9\u7eff");

    public static TheoryData<int> Kinds => [0, 1, 2, 3, 4, 5, 6];

    private static (SampleRun Run, byte[] Data, PredictionFormat Format) Kind(int kind) => kind switch
    {
        0 => (SampleRun.Forecast(), Encoding.UTF8.GetBytes(SampleRun.Table(12)), PredictionFormat.Csv),
        1 => (SampleRun.Forecast(difference: 0), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"month\":\"a\",\"sales\":3,\"temperature\":-2.5}\n", 7))), PredictionFormat.JsonLines),
        2 => (SampleRun.Classes(), Encoding.UTF8.GetBytes(SampleRun.Sequences), PredictionFormat.Csv),
        3 => (SampleRun.OfCharacters(), Encoding.UTF8.GetBytes(SampleRun.Names), PredictionFormat.JsonLines),
        4 => (SampleRun.Images(ImageLayout.Rows), SampleRun.Idx(3, 4, 3, 2, place => (byte)place), PredictionFormat.Idx),
        5 => (SampleRun.Images(ImageLayout.Flat), "0,1,2,3,4,255\n[9,8,7,6,5,4]\n{\"pixels\":[1,2,3,4,5,6]}\n"u8.ToArray(), PredictionFormat.JsonLines),
        _ => (SampleRun.Of(new DataRecipe.CopyMemory(2, 3, 2, 4), LossKind.SoftmaxCrossEntropy), "{\"symbol\":[\"2\",\"blank\",\"recall\"]}"u8.ToArray(), PredictionFormat.JsonLines),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Is_answered_or_refused(int kind)
    {
        var (run, data, format) = Kind(kind);
        using var predictor = run.Predictor();
        Assert.NotEmpty(predictor.Predict(new MemoryStream(data), format).Rows);
        var (random, answered, refused) = (new Random(20261124 + kind), 0, 0);
        for (var mutant = 0; mutant < Mutants; mutant++)
        {
            var bytes = Mutate(data, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                foreach (var row in predictor.Predict(new MemoryStream(bytes), format, Limits).Rows)
                {
                    Assert.False(row.Numbers.IsEmpty);
                }

                answered++;
            }
            catch (InvalidDataSetException invalid)
            {
                Assert.NotEmpty(invalid.Message);
                refused++;
            }

            // What was allocated bounds what was held.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Limits.MaximumBytes + Room);
        }

        Assert.Equal(Mutants, answered + refused);
        Assert.True(refused > Mutants / 20, $"only {refused} of {Mutants} mutants were refused; the mutations do not bite");
    }

    private static byte[] Mutate(byte[] data, Random random)
    {
        var mutant = data.ToList();
        for (var change = random.Next(1, 4); change > 0 && mutant.Count > 0; change--)
        {
            var at = random.Next(mutant.Count);
            switch (random.Next(5))
            {
                case 0:
                    mutant[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutant[at] = Telling[random.Next(Telling.Length)];
                    break;
                case 2:
                    mutant.RemoveRange(at, random.Next(1, Math.Min(9, mutant.Count - at + 1)));
                    break;
                case 3:
                    mutant.InsertRange(at, mutant.GetRange(at, random.Next(1, Math.Min(40, mutant.Count - at + 1))));
                    break;
                default:
                    mutant.RemoveRange(at, mutant.Count - at);
                    break;
            }
        }

        return [.. mutant];
    }
}
