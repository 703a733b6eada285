using System.CommandLine;
using ActorTrainer.Cli.Connections;

namespace ActorTrainer.Cli.Commands;

/// <summary>The options by which a command that talks to a node is told which one.</summary>
internal sealed class NodeChoice
{
    private readonly Option<string?> _dataDirectory = CommonOptions.DataDirectory();

    private readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = $"A node on another machine [default: ${RemoteNode.EndpointVariable}, else the node of the data directory]",
        HelpName = "https://HOST:PORT",
    };

    private readonly Option<string?> _authority = new("--ca")
    {
        Description = $"The ca.pem of that node's cluster [default: ${RemoteNode.AuthorityVariable}, else whom this machine trusts]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _token = new("--token-file")
    {
        Description = $"The file with that node's access token [default: ${RemoteNode.TokenVariable}]",
        HelpName = "FILE",
    };

    public IEnumerable<Option> All => [_dataDirectory, _endpoint, _authority, _token];

    /// <summary>Where the command line says the node is.</summary>
    /// <exception cref="UsageException">It contradicts itself.</exception>
    public DataHome Of(ParseResult line) => DataHome.Of(
        line.GetValue(_dataDirectory), line.GetValue(_endpoint), line.GetValue(_authority), line.GetValue(_token));
}

/// <summary>Lets a command name the group among its options.</summary>
internal static class NodeChoices
{
    public static void Add(this Command command, NodeChoice choice)
    {
        foreach (var option in choice.All)
        {
            command.Options.Add(option);
        }
    }
}
