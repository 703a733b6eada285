using ActorTrainer.EndToEnd.Tests.Clusters;

namespace ActorTrainer.EndToEnd.Tests.Faults;

/// <summary>A spec that needs a PostgreSQL server; skipped, with the reason, where there is none.</summary>
internal sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute() => Skip = PostgreSqlServer.Lacking;
}

/// <summary>A spec that takes times, of a cluster with PostgreSQL; skipped unless it is asked for.</summary>
internal sealed class RecoveryFactAttribute : FactAttribute
{
    public RecoveryFactAttribute() => Skip = Demand.Recovery ? PostgreSqlServer.Lacking : "times are taken when they are asked for: ACTORTRAINER_RECOVERY=1";
}

/// <summary>A spec that needs network namespaces and a PostgreSQL server; skipped, with the reason, where they may not be had.</summary>
internal sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = PostgreSqlServer.Lacking ?? NetworkNamespaces.Lacking;
}

/// <summary>A spec that needs a disk that can be filled; skipped, with the reason, where none may be mounted.</summary>
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.Lacking;
}
