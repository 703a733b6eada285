using ActorTrainer.Data.Images;
using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Tests.Images;

public sealed class ImagesDataTests
{
    private static ImagesData Data(
        byte[] images, byte[] labels, byte[]? moreImages = null, byte[]? moreLabels = null,
        ImageLayout layout = ImageLayout.Rows, Head head = Head.LastStep, int batchSize = 4) =>
        new(
            new MemoryStream(images), new MemoryStream(labels),
            moreImages is null ? null : new MemoryStream(moreImages), moreLabels is null ? null : new MemoryStream(moreLabels),
            layout, head, batchSize, seed: 1);

    private static ImagesData Ten(ImageLayout layout, Head head = Head.LastStep) => Data(
        Idx.Images(10, 2, 3), Idx.Labels(7, 7, 7, 3, 3, 3, 9, 9, 9, 9), Idx.Images(5, 2, 3), Idx.Labels(9, 3, 7, 7, 3), layout, head);

    [Theory]
    [InlineData(ImageLayout.Rows, Head.LastStep)]
    [InlineData(ImageLayout.Flat, Head.LastStep)]
    [InlineData(ImageLayout.Flat, Head.EveryStep)]
    public void Shows_every_picture_once_an_epoch_with_its_class(ImageLayout layout, Head head)
    {
        var data = Ten(layout, head);
        var batch = Batches.For(data);
        var order = new EpochOrder(1, 10, 4);
        for (var step = 0; step < 6; step++)
        {
            var rows = Batches.AllRows(data.TrainingRows(step));
            data.FillTraining(batch, step, rows);
            for (var row = 0; row < rows.Length; row++)
            {
                var image = order.Sample(step, row);
                for (var pixel = 0; pixel < 6; pixel++)
                {
                    var (t, column) = (pixel / data.InputSize, pixel % data.InputSize);
                    Assert.Equal(((image * 6) + pixel) / 255f, batch.Features[(((t * rows.Length) + row) * data.InputSize) + column]);
                }

                Assert.Equal(image < 3 ? 1 : image < 6 ? 0 : 2, batch.Classes[row]);
                Assert.Equal(1f, batch.TargetWeights[row]);
            }
        }

        Assert.Equal([4, 4, 2, 4], Enumerable.Range(0, 4).Select(step => data.TrainingRows(step)));
        Assert.Equal((3L, 2L, 1), (data.StepsPerEpoch, data.ValidationBatches, data.ValidationRows(1)));
    }

    [Fact]
    public void Is_what_its_layout_says()
    {
        var (rows, flat) = (Ten(ImageLayout.Rows), Ten(ImageLayout.Flat, Head.EveryStep));

        Assert.Equal((2, 3, 3), (rows.MaximumTime, rows.InputSize, rows.Outputs));
        Assert.Equal((1, 6, 3), (flat.MaximumTime, flat.InputSize, flat.Outputs));
        Assert.Equal((Head.LastStep, Head.EveryStep), (rows.Head, flat.Head));
        Assert.Equal("3 7 9", string.Join(" ", rows.Schema.Classes));
        Assert.Equal(rows.Schema, DataSchema.FromJson(rows.Schema.ToJson()));
        Assert.Throws<ArgumentException>(() => Ten(ImageLayout.Rows, Head.EveryStep));
    }

    [Fact]
    public void Validates_in_the_order_of_the_file()
    {
        var data = Ten(ImageLayout.Rows);
        var batch = Batches.For(data);

        data.FillValidation(batch, 0, [3, 0, 1]);
        Assert.Equal([1, 2, 0], batch.Classes.ToArray());
        Assert.Equal([18 / 255f, 19 / 255f, 20 / 255f, 0f, 1 / 255f], batch.Features[..5].ToArray());
        data.FillValidation(batch, 1, [0]);
        Assert.Equal([0], batch.Classes.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.FillValidation(batch, 1, [1]));
        Assert.Equal(0, Data(Idx.Images(1, 2, 2), Idx.Labels(0)).ValidationBatches);
    }

    [Fact]
    public void Refuses_files_that_do_not_belong_together()
    {
        Assert.Equal("There are 2 images and 3 labels; each image needs its label.", Refusal(() => Data(Idx.Images(2, 2, 2), Idx.Labels(1, 2, 3))));
        Assert.Equal(
            "Validation images have 2 × 3 pixels and images 2 × 2; they must be of one size.",
            Refusal(() => Data(Idx.Images(1, 2, 2), Idx.Labels(1), Idx.Images(1, 2, 3), Idx.Labels(1))));
        Assert.Equal(
            "Validation label 2 is 5, which no training image has; labels are 1, 4.",
            Refusal(() => Data(Idx.Images(2, 2, 2), Idx.Labels(4, 1), Idx.Images(2, 2, 2), Idx.Labels(1, 5))));
        Assert.StartsWith("The file of validation labels has 3 dimensions", Refusal(() => Data(Idx.Images(1, 2, 2), Idx.Labels(1), Idx.Images(1, 2, 2), Idx.Images(1, 2, 2))));
        Assert.Throws<ArgumentException>(() => Data(Idx.Images(1, 2, 2), Idx.Labels(1), Idx.Images(1, 2, 2)));

        static string Refusal(Func<ImagesData> open) => Assert.Throws<InvalidDataSetException>(open).Message;
    }

    [Fact]
    public void Fills_without_allocating() => Assert.Equal(0, Batches.AllocatedBy(Data(
        Idx.Images(80, 2, 3), Idx.Labels(new byte[80]), Idx.Images(4, 2, 3), Idx.Labels(new byte[4]))));

    [Fact]
    public void Reads_pictures_to_predict_from_idx_or_a_table()
    {
        var data = Ten(ImageLayout.Rows);
        var batch = Batches.For(data);
        var images = UnlabelledImages.FromIdx(new MemoryStream(Idx.Images(4, 2, 3)), 3, DataLimits.Default);
        var table = UnlabelledImages.FromTable([[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]], 3);

        Assert.Equal((4, 2, 2, 2), (images.Count, images.Time, table.Count, table.Time));
        images.Fill(batch, 0, 2);
        var expected = batch.Features.ToArray();
        table.Fill(batch, 0, 2);
        Assert.Equal(expected, batch.Features.ToArray());
        Assert.Equal([0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11], expected.Select(x => (int)Math.Round(x * 255)));
        Assert.Equal(1, UnlabelledImages.FromIdx(new MemoryStream(Idx.Images(4, 2, 3)), 6, DataLimits.Default).Time);
        Assert.Throws<InvalidDataSetException>(() => UnlabelledImages.FromIdx(new MemoryStream(Idx.Images(4, 2, 3)), 4, DataLimits.Default));
        Assert.Equal(2, Assert.Throws<InvalidDataSetException>(() => UnlabelledImages.FromTable([[1, 2, 3], [1, 256, 3]], 3)).Row);
        Assert.Throws<InvalidDataSetException>(() => UnlabelledImages.FromTable([[1, 0.5, 3]], 3));
    }
}
