using System.Collections.Immutable;
using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.JobFiles;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Running;
using ActorTrainer.Cli.Terminals;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer data import`: files are read wholly first; what is wrong is told, and nothing of it sent.</summary>
internal static class DataImportCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE") { Description = "Files of data", Arity = ArgumentArity.OneOrMore };
        var name = new Option<string?>("--name") { Description = "What the data is called in lists [default: the file's name]", HelpName = "NAME" };
        var (written, output, home) = (new DataFormatOptions(), CommonOptions.Output(), new NodeChoice());
        var command = new Command("import", "Check files of data and bring them to the node, known from then on by their SHA-256.") { files, name };
        foreach (var option in written.All.Append(output).Concat(home.All))
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(files) is { } paths && Array.Find(paths, path => path.StartsWith('-')) is { } unknown)
            {
                result.AddError($"unknown option '{unknown}'");
            }
            else if (result.GetValue(name) is not null && result.GetValue(files) is { Length: > 1 })
            {
                result.AddError("--name is for one file");
            }
        });
        return command
            .WithExamples("data import monthly-sunspots.csv", "data import *.csv --delimiter ';' -o json", "data import reviews.jsonl --name reviews")
            .Runs(terminal, async line =>
            {
                var data = ReadAll(line.GetRequiredValue(files), path => LocalData.Read(path, written.LocalFormat(line), written.LocalTable(line)));
                using var interrupts = new Interrupts();
                await using var node = await NodeSession.OpenAsync(home.Of(line), interrupts.Requested);
                var asJson = line.GetRequiredValue(output) == "json";
                foreach (var file in data)
                {
                    var title = line.GetValue(name) ?? file.Description.Dataset.Name;
                    var (dataset, wasThere) = await DatasetUpload.SendAsync(
                        node.Client, file.Sha256, file.Length, title, () => File.OpenRead(file.Path), interrupts.Requested);
                    file.Description.Dataset = dataset;
                    if (!asJson)
                    {
                        terminal.Output.WriteLine(string.Join(Environment.NewLine, Report(file, wasThere)));
                    }
                }

                if (asJson)
                {
                    terminal.Output.WriteLine($"[{string.Join(", ", data.Select(file => JobReport.ToJson(file.Description)))}]");
                }

                return ExitCode.Success;
            });
    }

    private static ImmutableArray<LocalData> ReadAll(string[] paths, Func<string, LocalData> read)
    {
        var data = ImmutableArray.CreateBuilder<LocalData>();
        var errors = ImmutableArray.CreateBuilder<JobFileError>();
        foreach (var path in paths)
        {
            try
            {
                data.Add(read(path));
            }
            catch (JobFileException refused)
            {
                errors.AddRange(refused.Errors);
            }
        }

        return errors.Count == 0 ? data.ToImmutable() : throw new JobFileException(errors.ToImmutable());
    }

    private static IEnumerable<string> Report(LocalData file, bool wasThere)
    {
        foreach (var line in DataReport.ToText(file.Path, file.Description))
        {
            yield return line;
        }

        yield return "";
        yield return wasThere
            ? $"It was here already{(file.Description.Dataset.Name.Length == 0 ? "" : $", as {file.Description.Dataset.Name}")}. In a job file, in place of path:"
            : "Imported. In a job file, in place of path:";
        yield return $"  sha256: {file.Sha256}";
    }
}
