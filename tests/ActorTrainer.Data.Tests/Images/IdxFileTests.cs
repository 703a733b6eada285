using ActorTrainer.Data.Images;

namespace ActorTrainer.Data.Tests.Images;

public sealed class IdxFileTests
{
    private static IdxFile Read(byte[] bytes, int rank = 3, long limit = 1 << 20) =>
        IdxFile.Read(new PiecewiseStream(bytes, 7), "images", rank, new DataLimits(limit));

    private static string Refusal(byte[] bytes, int rank = 3, long limit = 1 << 20) =>
        Assert.Throws<InvalidDataSetException>(() => Read(bytes, rank, limit)).Message;

    [Fact]
    public void Reads_dimensions_and_values_plain_or_gzip()
    {
        var plain = Idx.Images(2, 3, 4);
        foreach (var bytes in new[] { plain, Idx.Gzip(plain), Idx.Gzip(plain[..5], plain[5..20], [], plain[20..]) })
        {
            var file = Read(bytes);

            Assert.Equal("2 3 4", string.Join(" ", file.Dimensions));
            Assert.Equal(plain[16..], file.Values.ToArray());
        }

        Assert.Equal([5, 0, 9], Read(Idx.Labels(5, 0, 9), rank: 1).Values.ToArray());
    }

    [Fact]
    public void Says_what_is_wrong_with_a_file()
    {
        var images = Idx.Images(2, 3, 4);

        Assert.Equal("The file of images ends after 23 of 24 bytes of values, which its header (2 × 3 × 4) promises.", Refusal(images[..^1]));
        Assert.Equal("The file of images ends after 23 of 24 bytes of values, which its header (2 × 3 × 4) promises.", Refusal(Idx.Gzip(images[..^1])));
        Assert.Equal("The file of images goes on after the 24 bytes of values that its header (2 × 3 × 4) promises.", Refusal([.. images, 1]));
        Assert.Equal("The file of images has 1 dimensions; images have 3.", Refusal(Idx.Labels(1)));
        Assert.Equal("The file of images holds values of type 0x0D (floats); only 0x08 (unsigned bytes) can be read.", Refusal(Idx.File([1, 1, 1], [0], type: 0x0D)));
        Assert.Equal("The file of images begins with 48656C6C; an IDX file begins with 00 00, or as gzip with 1F 8B.", Refusal("Hello"u8.ToArray()));
        Assert.Equal("Dimension 2 of the file of images is 0; it must be from 1 to 2147483647.", Refusal(Idx.File([1, 0, 1], [])));
        Assert.StartsWith("Dimension 1 of the file of images is 4294967295;", Refusal(Idx.File([-1, 1, 1], [])));
        Assert.All([0, 1, 3, 4, 15], length => Assert.Equal("The file of images ends within the header of an IDX file.", Refusal(images[..length])));
        Assert.StartsWith("The file of images begins as gzip but cannot be decompressed: ", Refusal([0x1F, 0x8B, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
    }

    [Fact]
    public void Believes_no_header_that_promises_more_than_the_limit()
    {
        var most = int.MaxValue;

        Assert.Equal("The header of the file of images promises 2147483647 × 2147483647 × 2147483647 bytes; the most is 1048576.", Refusal(Idx.File([most, most, most], [])));
        Assert.Equal("The header of the file of images promises 3 × 2 × 2 bytes; the most is 11.", Refusal(Idx.Images(3, 2, 2), limit: 11));
        Assert.Equal(12, Read(Idx.Images(3, 2, 2), limit: 12).Values.Length);
    }

    [Fact]
    public void Stops_at_what_a_bomb_may_inflate_to()
    {
        // 256 MiB of zeros, about 256 KiB packed: behind a header that promises little, and one that promises all.
        var zeros = new byte[1 << 28];
        var little = Idx.Gzip(Idx.Images(1, 2, 2), zeros);
        var all = Idx.Gzip(Idx.File([1 << 12, 1 << 8, 1 << 8], []), zeros);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.StartsWith("The file of images goes on after the 4 bytes", Refusal(little));
        Assert.StartsWith("The header of the file of images promises 4096 × 256 × 256 bytes", Refusal(all));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }
}
