using System.Text;
using ActorTrainer.Data.Tables;

namespace ActorTrainer.Data.Tests.Tables;

public sealed class TableEncodingTests
{
    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;

    private static Table Read(byte[] csv, TextEncoding encoding, int pieces = 3) => Table.Read(
        new PiecewiseStream(csv, pieces), TableFormat.Default with { Encoding = encoding }, ["流量"], ["地点"], DataLimits.Default);

    private static InvalidDataSetException Refused(byte[] csv, TextEncoding encoding) =>
        Assert.Throws<InvalidDataSetException>(() => Read(csv, encoding));

    [Theory]
    [InlineData(TextEncoding.Utf8)]
    [InlineData(TextEncoding.Gbk)]
    public void Reads_both_encodings_wherever_pieces_cut_characters(TextEncoding encoding)
    {
        var text = "地点,流量\n北京,1\n\"上,\n海\",2\n" + string.Concat(Enumerable.Repeat("深圳€,3\n", 9000));
        for (var pieces = 1; pieces < 6; pieces += 2)
        {
            var table = Read((encoding == TextEncoding.Gbk ? Gbk : Encoding.UTF8).GetBytes(text), encoding, pieces);

            Assert.Equal(9002, table.Rows);
            Assert.Equal(["北京", "上,\n海", "深圳€"], table.Texts("地点").Distinct);
            Assert.Equal([1.0, 2.0, 3.0], table.Numbers("流量")[..3].ToArray());
            Assert.Equal(5, table.LineOf(2));
        }
    }

    [Fact]
    public void Guesses_gbk_where_utf8_was_expected()
    {
        var refusal = Refused(Gbk.GetBytes("a,b\r\n1,2\r\n北京,1\r\n"), TextEncoding.Utf8);

        Assert.Equal("Row 3: the byte at offset 10 begins no character of UTF-8 (bytes 0xB1B1BEA9). It may be GBK; then say encoding: gbk.", refusal.Message);
        Assert.Equal(3, refusal.Row);
    }

    [Fact]
    public void Guesses_utf8_where_gbk_was_expected()
    {
        Assert.Contains("say encoding: utf_8", Refused(Encoding.UTF8.GetBytes("\uFEFFa,b\n"), TextEncoding.Gbk).Message, StringComparison.Ordinal);
        Assert.Equal(2, Refused([.. "a,b\n"u8, 0xFF, .. "\n"u8], TextEncoding.Gbk).Row);
    }

    [Fact]
    public void Names_the_row_where_encodings_mix()
    {
        var refusal = Refused([.. Encoding.UTF8.GetBytes("地点,流量\n北京,1\n"), .. Gbk.GetBytes("上海,2\n")], TextEncoding.Utf8);

        Assert.StartsWith("Row 3: the byte at offset 23 begins no character of UTF-8", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("the file mixes encodings, or is damaged here.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_a_fault_far_into_the_file()
    {
        var rows = string.Concat(Enumerable.Repeat("北京,1\r\n", 20_000));
        var refusal = Refused([.. Encoding.UTF8.GetBytes("地点,流量\r\n" + rows), 0xE5, 0x8C], TextEncoding.Utf8);

        Assert.Equal(20_002, refusal.Row);
        Assert.Contains($"offset {15 + (20_000 * 10)} ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void Knows_other_encodings_by_their_mark(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        Assert.Contains("save it as UTF-8", Refused([.. encoding.GetPreamble(), .. encoding.GetBytes("a,b\n")], TextEncoding.Utf8).Message, StringComparison.Ordinal);
    }
}
