using ActorTrainer.Cluster.Remoting;
using ActorTrainer.Cluster.Serialization;
using ActorTrainer.Cluster.Storage;
using Akka.Configuration;
using Akka.Persistence.Sql;

namespace ActorTrainer.Cluster.Hosting;

/// <summary>The one place with the actor system's settings: what Akka's defaults would get wrong, and what we rely on.</summary>
internal static class NodeConfiguration
{
    /// <summary>Shards, savers and barriers: their arithmetic must not delay heartbeats.</summary>
    public const string ArithmeticDispatcher = "actortrainer.arithmetic-dispatcher";

    /// <summary>Largest control message on the wire, with room above the 64 KB of P13.</summary>
    private const int FrameBytes = 256_000;

    public static Config Of(NodeOptions options, Database database, NodeCapabilities capabilities, NodeDoor door)
    {
        return ConfigurationFactory.ParseString($$"""
            akka.remote.dot-netty.tcp {
              {{(options.TlsDirectory is null ? "" : $"transport-class = {Quoted(typeof(NodeTransport).AssemblyQualifiedName!)}")}}
              hostname = {{Quoted(options.EffectiveListenHost)}}
              public-hostname = {{Quoted(options.ClusterHost)}}
              port = {{options.ClusterPort}}
              maximum-frame-size = {{FrameBytes}}b
              send-buffer-size = 1000000b
              receive-buffer-size = 1000000b
            }
            # A node that was started again is spoken to again within the second, and not after five.
            akka.remote.retry-gate-closed-for = 500ms
            akka.cluster {
              roles = [{{string.Join(", ", options.Roles.Concat(capabilities.ToRoles()).Concat(door.ToRoles()).Concat(SharedDatabase.RolesOf(database)).Select(Quoted))}}]
              # A cluster of one is up at once; a larger one gossips often enough for steps of milliseconds.
              periodic-tasks-initial-delay = 200ms
              gossip-interval = 300ms
              leader-actions-interval = 200ms
              # Who may begin a cluster waits long for those that it reaches (another one would be a second cluster);
              # all others ask again soon.
              seed-node-timeout = {{(options.IsFirstSeed ? "3s" : "1s")}}
              # A node that is started again where its old self is still a member is let in at its second asking.
              retry-unsuccessful-join-after = 1s
              # kill -9 to Unreachable in about 3 s, to Removed in about 9 s.
              failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 2s, threshold = 8 }
              downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
              # The side with most of the servers stays; with one server, its side. Workers do not count: they come
              # and go. Two servers are no better than one: without that of the lower address the other downs itself.
              split-brain-resolver {
                active-strategy = keep-majority
                stable-after = 3s
                keep-majority.role = {{Quoted(NodeOptions.ServerRole)}}
                # On, it would down every node, healthy servers too, where workers are killed or slow again and
                # again for 5 s. Who is wrongly alive meanwhile can harm nothing: the journal fences it (P1).
                down-all-when-unstable = off
              }
              # The time for which a minority may still run; unset it would be stable-after once more.
              down-removal-margin = 1s
              run-coordinated-shutdown-when-down = on
              singleton.hand-over-retry-interval = 500ms
              singleton-proxy {
                singleton-identification-interval = 50ms
                buffer-size = 1000
                # It counts attempts, and would say "after 30 seconds" within the first.
                log-singleton-identification-failure = off
              }
            }
            {{database.Settings}}
            """).WithFallback(WithoutDatabase).WithFallback(SqlPersistence.DefaultConfiguration);
    }

    /// <summary>What holds for every actor system of ours, those of the specs included.</summary>
    public static Config WithoutDatabase { get; } = ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = INFO
          stdout-loglevel = OFF
          loggers = ["{{typeof(NodeLogger).AssemblyQualifiedName}}"]
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown {
            # The program decides when to stop; the hook would race with it.
            run-by-clr-shutdown-hook = off
            # The jobs' last checkpoints, which wait for six seconds at most: of the service, and of the registry.
            phases.service-stop.timeout = 8s
            phases.cluster-exiting.timeout = 10s
            exit-clr = off
          }
          actor {
            provider = cluster
            serializers {
              actortrainer = "{{typeof(ClusterMessageSerializer).AssemblyQualifiedName}}"
              # Under its old number Akka's JSON would still be there for a peer to name.
              json = "{{typeof(RefusedJsonSerializer).AssemblyQualifiedName}}"
            }
            serialization-identifiers { "{{typeof(ClusterMessageSerializer).AssemblyQualifiedName}}" = {{ClusterMessageSerializer.Id}} }
            # Whatever is not in our protocol has no way onto the wire or into the journal; Akka's default
            # would write any object as JSON with its type's name, and read it back.
            serialization-bindings {
              "System.Object" = actortrainer
            }
          }
        }
        {{ArithmeticDispatcher}} {
          type = ForkJoinDispatcher
          throughput = 8
          dedicated-thread-pool { thread-count = {{Math.Clamp(Environment.ProcessorCount, 2, 8)}}, threadtype = background }
        }
        """);

    private static string Quoted(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
