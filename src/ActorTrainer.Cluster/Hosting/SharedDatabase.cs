using ActorTrainer.Cluster.Storage;
using Akka.Cluster;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>
/// All servers of a cluster keep their jobs in one database: another would hold other jobs, and what was
/// acknowledged would be gone whenever the registry moves. Which one a server uses stands in its member's roles.
/// </summary>
internal static class SharedDatabase
{
    private const string Prefix = "database-";

    /// <summary>The role that names a server's database; none for a node without one.</summary>
    public static IEnumerable<string> RolesOf(Database database) => database.Identity.Length == 0 ? [] : [Prefix + database.Identity];

    /// <summary>Why a server cannot stay in a cluster with these others; null if it can.</summary>
    /// <param name="older">The members that were there before it.</param>
    public static string? Disagreement(Database own, IEnumerable<(string Address, IEnumerable<string> Roles)> older)
    {
        if (own.Identity.Length == 0)
        {
            return null;
        }

        foreach (var (address, roles) in older)
        {
            if (roles.FirstOrDefault(role => role.StartsWith(Prefix, StringComparison.Ordinal)) is { } theirs && theirs != Prefix + own.Identity)
            {
                return own.IsShared
                    ? $"This server keeps its jobs in the database {own}, and the server {address} of this cluster in another; give all servers the same one."
                    : $"This server keeps its jobs in the SQLite file {own}, which serves exactly one server, and {address} is a server of this cluster already; give all servers one PostgreSQL database.";
            }
        }

        return null;
    }

    /// <summary>As the member itself and others see it now.</summary>
    public static string? Disagreement(Database own, Akka.Cluster.Cluster cluster)
    {
        var self = cluster.SelfMember;
        return Disagreement(
            own,
            cluster.State.Members
                .Where(member => member.UniqueAddress != self.UniqueAddress && member.Status is MemberStatus.Up or MemberStatus.Leaving && member.IsOlderThan(self))
                .Select(member => (member.Address.ToString(), (IEnumerable<string>)member.Roles)));
    }
}
