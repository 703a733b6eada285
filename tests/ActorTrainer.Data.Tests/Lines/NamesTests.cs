using ActorTrainer.Data.Lines;

namespace ActorTrainer.Data.Tests.Lines;

/// <summary>32,033 first names, one a line.</summary>
public sealed class NamesTests
{
    [RealDataFact("names.txt")]
    public void Are_lines_of_27_characters_of_which_each_is_seen_once_in_an_epoch()
    {
        using var file = File.OpenRead(RealDataFactAttribute.PathOf("names.txt"));
        var data = new LinesData(file, batchSize: 128, validationFraction: 0.1, maximumLength: 256, seed: 1);
        var seen = new HashSet<int>();
        for (var step = 0L; step < data.StepsPerEpoch; step++)
        {
            for (var row = 0; row < data.TrainingRows(step); row++)
            {
                Assert.True(seen.Add(data.TrainingSample(step, row)));
            }
        }

        for (var batch = 0L; batch < data.ValidationBatches; batch++)
        {
            for (var row = 0; row < data.ValidationRows(batch); row++)
            {
                Assert.True(seen.Add(data.ValidationSample(batch, row)));
            }
        }

        Assert.Equal("\nabcdefghijklmnopqrstuvwxyz", data.Vocabulary.Characters);
        Assert.Equal((28_830, 3_203, 32_033), (data.TrainingSamples, data.ValidationSamples, seen.Count));
        Assert.Equal((226, 16), (data.StepsPerEpoch, data.MaximumTime));
        Assert.Equal(30, data.TrainingRows(225));
    }
}
