using System.CommandLine;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.JobFiles;

namespace ActorTrainer.Cli.Commands;

/// <summary>Options and arguments that several commands share, each made anew for its command.</summary>
internal static class CommonOptions
{
    public static Option<string?> DataDirectory() => new("--data-dir")
    {
        Description = $"Where the node keeps jobs, data and models [default: ${DataHome.Variable}, else actortrainer in your data folder]",
        HelpName = "DIR",
    };

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Change a field of the job file, e.g. training.steps=500; may be given several times",
        HelpName = "PATH=VALUE",
        DefaultValueFactory = _ => [],
    };

    public static Option<string?> Workers() => new("--workers")
    {
        Description = "Workers that compute; short for --set placement.workers=N. The result is the same for any number",
        HelpName = "N",
    };

    public static Option<string> Output()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "How the result is written: text or json",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "text",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.Tokens[0].Value is not ("text" or "json"))
            {
                result.AddError($"--output is text or json, not '{result.Tokens[0].Value}'");
            }
        });
        return option;
    }

    /// <param name="what">Is listed.</param>
    public static Option<int> Limit(string what)
    {
        var limit = new Option<int>("--limit")
        {
            Description = $"How many {what} at most, from 1 to 1000",
            HelpName = "N",
            DefaultValueFactory = _ => 50,
        };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError("--limit is from 1 to 1000");
            }
        });
        return limit;
    }

    public static Argument<string> JobFile() => NoOption(new("JOB.yaml") { Description = "The job file" });

    public static Argument<string> JobId() => NoOption(new("JOB") { Description = "The job's id, as `job list` shows it" });

    /// <summary>The changes that the options make to a job file.</summary>
    public static IReadOnlyList<Setting> Settings(ParseResult line, Option<string[]> set, Option<string?> workers)
    {
        var settings = line.GetRequiredValue(set).Select(Setting.Parse).ToList();
        if (line.GetValue(workers) is { } number)
        {
            settings.Add(new Setting($"--workers {number}", "placement.workers", number));
        }

        return settings;
    }

    /// <summary>A mistyped option is not to be taken for a file of that name.</summary>
    private static Argument<string> NoOption(Argument<string> argument)
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } token)
            {
                result.AddError($"unknown option '{token.Value}'");
            }
        });
        return argument;
    }
}
