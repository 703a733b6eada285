using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Running;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Contracts.V1;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer data describe`: what a file holds, or a data set of a node.</summary>
internal static class DataDescribeCommand
{
    private const int ShortestPrefix = 4;
    private const int HashLength = 64;
    private const int PageSize = 1_000;

    public static Command Create(Terminal terminal)
    {
        var what = new Argument<string>("FILE|SHA256") { Description = "A file, or the hash of a data set of the node, as `data list` shows it, or enough of its start" };
        var (written, output, home) = (new DataFormatOptions(), CommonOptions.Output(), new NodeChoice());
        var command = new Command("describe", "Say what a file or a data set holds: columns, their values, what is missing.") { what };
        foreach (var option in written.All.Append(output).Concat(home.All))
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(what) is { } word && word.StartsWith('-'))
            {
                result.AddError($"unknown option '{word}'");
            }
        });
        return command
            .WithExamples("data describe monthly-sunspots.csv", "data describe table.csv --encoding gbk --delimiter ';'", "data describe 8fe1 -o json")
            .Runs(terminal, async line =>
            {
                var word = line.GetRequiredValue(what);
                DatasetDescription description;
                if (IsHash(word) && !File.Exists(word))
                {
                    await using var node = await NodeSession.OpenExistingAsync(home.Of(line), CancellationToken.None);
                    description = await node.Client.Datasets.DescribeDatasetAsync(new DescribeDatasetRequest
                    {
                        Sha256 = await FindAsync(node.Client, word),
                        Format = written.Format(line),
                        Table = written.Table(line),
                    });
                }
                else
                {
                    description = LocalData.Read(word, written.LocalFormat(line), written.LocalTable(line)).Description;
                }

                var title = description.Dataset.Name.Length == 0 ? word : description.Dataset.Name;
                terminal.Output.WriteLine(line.GetRequiredValue(output) == "json"
                    ? JobReport.ToJson(description)
                    : string.Join(Environment.NewLine, DataReport.ToText(title, description)));
                return ExitCode.Success;
            });
    }

    private static bool IsHash(string word) =>
        word.Length is >= ShortestPrefix and <= HashLength && word.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    /// <summary>The one hash that begins so.</summary>
    private static async Task<string> FindAsync(NodeClient client, string prefix)
    {
        if (prefix.Length == HashLength)
        {
            return prefix;
        }

        var found = new List<Dataset>();
        var request = new ListDatasetsRequest { PageSize = PageSize };
        do
        {
            var page = await client.Datasets.ListDatasetsAsync(request);
            found.AddRange(page.Datasets.Where(dataset => dataset.Sha256.StartsWith(prefix, StringComparison.Ordinal)));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return found switch
        {
            [var one] => one.Sha256,
            [] => throw new UsageException($"there is no file {prefix}, and no data set whose hash begins so; see: {ProgramName.Here} data list"),
            _ => throw new UsageException($"{found.Count} data sets have a hash that begins with {prefix}: {string.Join(", ", found.Take(5).Select(dataset => dataset.Sha256))}"),
        };
    }
}
