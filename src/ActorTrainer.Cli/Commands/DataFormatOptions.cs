using System.CommandLine;
using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Contracts.V1;
using ActorTrainer.Gateway.Datasets;
using DataFormat = ActorTrainer.Contracts.V1.DataFormat;
using TableFormat = ActorTrainer.Data.TableFormat;

namespace ActorTrainer.Cli.Commands;

/// <summary>The options that say how a file of data is written, where it does not show.</summary>
internal sealed class DataFormatOptions
{
    private readonly Option<string?> _format = Choice("--format", "How the data is written", DataFormatDescriptor);
    private readonly Option<string?> _encoding = Choice("--encoding", "Of a table [default: utf_8]", TextEncodingDescriptor);
    private readonly Option<string?> _delimiter = new("--delimiter") { Description = "Between the cells of a table [default: ,]", HelpName = "CHARACTER" };

    public DataFormatOptions() => _delimiter.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !TableFormat.IsDelimiter(Delimiter(token.Value)))
        {
            result.AddError($"--delimiter is {TableFormat.AllowedDelimiter} (\\t: a tab), not '{token.Value}'");
        }
    });

    private static Google.Protobuf.Reflection.EnumDescriptor DataFormatDescriptor =>
        DatasetDescription.Descriptor.FindFieldByName("format").EnumType;

    private static Google.Protobuf.Reflection.EnumDescriptor TextEncodingDescriptor =>
        Contracts.V1.TableFormat.Descriptor.FindFieldByName("encoding").EnumType;

    public IEnumerable<Option> All => [_format, _encoding, _delimiter];

    /// <summary>As the API has it; default: to be found out.</summary>
    public DataFormat Format(ParseResult line) => (DataFormat)Number(DataFormatDescriptor, line.GetValue(_format));

    /// <summary>As a reader of data takes it.</summary>
    public Data.Summaries.DataFormat? LocalFormat(ParseResult line) => DescriptionMapping.FromProto(Format(line));

    public Contracts.V1.TableFormat Table(ParseResult line) => new()
    {
        Encoding = (TextEncoding)Number(TextEncodingDescriptor, line.GetValue(_encoding)),
        Delimiter = Delimiter(line.GetValue(_delimiter) ?? ","),
    };

    public TableFormat LocalTable(ParseResult line)
    {
        var table = Table(line);
        return TableFormat.Default with
        {
            Encoding = table.Encoding == TextEncoding.Gbk ? Data.TextEncoding.Gbk : Data.TextEncoding.Utf8,
            Delimiter = table.Delimiter,
        };
    }

    /// <summary>A tab is hard to type in a shell.</summary>
    private static string Delimiter(string written) => written is "\\t" or "tab" ? "\t" : written;

    private static int Number(Google.Protobuf.Reflection.EnumDescriptor type, string? name) =>
        Schema.Values(type).FirstOrDefault(value => value.Name == name).Number;

    private static Option<string?> Choice(string name, string description, Google.Protobuf.Reflection.EnumDescriptor type)
    {
        var names = Schema.Values(type).Select(value => value.Name).ToList();
        var option = new Option<string?>(name) { Description = $"{description}: {string.Join(", ", names)}", HelpName = "NAME" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !names.Contains(token.Value))
            {
                result.AddError($"{name} is one of {string.Join(", ", names)}, not '{token.Value}'");
            }
        });
        return option;
    }
}
