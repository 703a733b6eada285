using System.Security.Cryptography;
using System.Text;
using ActorTrainer.Gateway.Errors;
using Google.Protobuf;
using Grpc.Core;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Tests.Datasets;

public sealed class DescribingTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private readonly Proto.Datasets.DatasetsClient _datasets = new(gateway.Caller);

    private async Task<Proto.Dataset> Upload(string content, string name = "")
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var call = _datasets.UploadDataset();
        await call.RequestStream.WriteAsync(new Proto.UploadDatasetRequest
        {
            Header = new Proto.UploadHeader { Sha256 = sha256, Length = (ulong)bytes.Length, Name = name },
        });
        try
        {
            await call.RequestStream.WriteAsync(new Proto.UploadDatasetRequest { Chunk = ByteString.CopyFrom(bytes) });
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception answered) when (answered is RpcException or InvalidOperationException)
        {
            // It was here already.
        }

        return await call.ResponseAsync;
    }

    private void Age(Proto.Dataset dataset, int hours) =>
        File.SetLastWriteTimeUtc(Path.Combine(gateway.Datasets, dataset.Sha256), DateTime.UnixEpoch.AddHours(hours));

    private async Task<Proto.DatasetDescription> Describe(Proto.Dataset dataset, Proto.DataFormat format = Proto.DataFormat.Unspecified, Proto.TableFormat? table = null) =>
        await _datasets.DescribeDatasetAsync(new Proto.DescribeDatasetRequest { Sha256 = dataset.Sha256, Format = format, Table = table });

    [Fact]
    public async Task Keeps_the_first_name_without_what_could_steer_a_terminal()
    {
        var first = await Upload("a,b\n1,2\n3,4\n", "ta\u001b[31mble.csv");
        var again = await Upload("a,b\n1,2\n3,4\n", "other.csv");

        Assert.Equal("ta[31mble.csv", first.Name);
        Assert.Equal(first, again);
        Assert.Equal(first, await _datasets.GetDatasetAsync(new Proto.GetDatasetRequest { Sha256 = first.Sha256 }));
    }

    [Fact]
    public async Task Lists_newest_first_in_pages_that_come_to_an_end()
    {
        var uploaded = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var dataset = await Upload($"text {i}");
            Age(dataset, 1_000_000 + i);
            uploaded.Insert(0, dataset.Sha256);
        }

        var (listed, token) = (new List<string>(), "");
        do
        {
            var page = await _datasets.ListDatasetsAsync(new Proto.ListDatasetsRequest { PageSize = 2, PageToken = token });
            Assert.InRange(page.Datasets.Count, 1, 2);
            listed.AddRange(page.Datasets.Select(dataset => dataset.Sha256));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        Assert.Equal(uploaded, listed.Take(5));
        Assert.Equal(listed.Distinct(), listed);
    }

    [Theory]
    [InlineData(-1, "", "page_size")]
    [InlineData(1_001, "", "page_size")]
    [InlineData(0, "here", "page_token")]
    public async Task Refuses_a_page_that_cannot_be(int size, string token, string field)
    {
        var error = await Errors.Of(async () => await _datasets.ListDatasetsAsync(new Proto.ListDatasetsRequest { PageSize = size, PageToken = token }));

        Assert.Equal([field], error.Fields().Keys);
    }

    [Fact]
    public async Task Describes_a_table()
    {
        var dataset = await Upload("month,value\njan,1\nfeb,\nmar,4\n", "months.csv");

        var description = await Describe(dataset);

        Assert.Equal((dataset, Proto.DataFormat.Csv, 3UL), (description.Dataset, description.Format, description.Rows));
        Assert.Equal(new Proto.ColumnDescription { Name = "month", Distinct = 3, Examples = { "jan", "feb", "mar" } }, description.Columns[0]);
        Assert.Equal(
            new Proto.ColumnDescription { Name = "value", IsNumber = true, Missing = 1, Minimum = 1, Maximum = 4, Mean = 2.5, Deviation = 1.5, Distinct = 2 },
            description.Columns[1]);
    }

    [Fact]
    public async Task Describes_it_as_it_is_asked_to()
    {
        var dataset = await Upload("a;b\n1;2\n");

        var text = await Describe(dataset, Proto.DataFormat.Text);
        var table = await Describe(dataset, Proto.DataFormat.Csv, new Proto.TableFormat { Delimiter = ";" });

        Assert.Equal((2UL, 8UL, 6UL), (text.Rows, text.Characters, text.Symbols));
        Assert.Equal(1UL, table.Rows);
        Assert.Equal(["a", "b"], table.Columns.Select(column => column.Name));
    }

    [Fact]
    public async Task Names_row_and_column_of_what_is_wrong()
    {
        var dataset = await Upload("a,b\n1,2\n3\n");

        var error = await Errors.Of(() => Describe(dataset, Proto.DataFormat.Csv));

        Assert.StartsWith("Row 3: found 1 fields", error.Fields()["sha256"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_all_that_is_wrong_with_a_request()
    {
        var dataset = await Upload("a,b\n1,2\n");

        var error = await Errors.Of(() => Describe(dataset, (Proto.DataFormat)77, new Proto.TableFormat { Delimiter = "ab", Encoding = (Proto.TextEncoding)9 }));

        Assert.Equal(["format", "table.delimiter", "table.encoding"], error.Fields().Keys.Order());
    }

    [Fact]
    public async Task Says_that_a_data_set_is_not_here()
    {
        var error = await Errors.Of(() => Describe(new Proto.Dataset { Sha256 = new string('0', 64) }));

        error.Expect(StatusCode.NotFound, ErrorReason.DatasetNotFound);
    }
}
