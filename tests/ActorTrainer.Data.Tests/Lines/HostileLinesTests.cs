using System.Text;
using ActorTrainer.Data.Lines;

namespace ActorTrainer.Data.Tests.Lines;

public sealed class HostileLinesTests
{
    [Fact]
    public void Every_mutant_is_read_or_refused()
    {
        byte[][] originals =
        [
            Encoding.UTF8.GetBytes("emma\nolivia\r\n\nava\n"),
            Encoding.UTF8.GetBytes("\uFEFF春眠不覺曉\n處處聞啼鳥\n"),
            Encoding.UTF8.GetBytes("a😀é\0ﬀ\u2028\n\uFFFD\U0010FFFF\r"),
        ];
        var limits = new DataLimits(MaximumBytes: 1 << 16);
        new Mutants(20260801, originals, ["\n", "\r\n", "\r", "é", "😀", "\uFEFF", "a", "bcdefghijklmnop\n"]).Read(limits.MaximumBytes, file =>
        {
            var data = new LinesData(file, batchSize: 2, validationFraction: 0, maximumLength: 40, seed: 1, limits);
            var batch = Batches.For(data);
            for (var step = 0; step < Math.Min(data.StepsPerEpoch, 20); step++)
            {
                data.FillTraining(batch, step, Batches.AllRows(data.TrainingRows(step)));
                Assert.DoesNotContain(batch.Symbols.ToArray(), symbol => symbol < 0 || symbol >= data.InputSize);
                Assert.DoesNotContain(batch.Classes.ToArray(), symbol => symbol < 0 || symbol >= data.Outputs);
            }
        });
    }
}
