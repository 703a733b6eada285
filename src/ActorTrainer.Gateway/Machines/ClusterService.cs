using System.Reflection;
using ActorTrainer.Gateway.Hosting;
using ActorTrainer.Numerics;
using Grpc.Core;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Machines;

/// <summary>The machines that train, as cluster.proto describes them.</summary>
internal sealed class ClusterService(GatewayNode node) : Proto.Cluster.ClusterBase
{
    private static readonly string Version =
        typeof(ClusterService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public override Task<Proto.ClusterInfo> GetCluster(Proto.GetClusterRequest request, ServerCallContext context) =>
        Task.FromResult(new Proto.ClusterInfo
        {
            Version = Version,
            ArithmeticVersion = ArithmeticVersion.Current,
            Nodes =
            {
                node.Nodes().Select(member => new Proto.Node
                {
                    Address = member.Address,
                    Roles = { member.Roles },
                    Cores = (uint)member.Capabilities.Cores,
                    VectorBits = (uint)member.Capabilities.VectorBits,
                    ProbeSha256 = member.Capabilities.ProbeSha256,
                    Reachable = member.Reachable,
                    Name = member.Node.Value,
                    ComputeThreads = (uint)member.ComputeThreads,
                }),
            },
        });
}
