using System.Runtime.Serialization;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Jobs;
using ActorTrainer.Cluster.Serialization;
using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training.Protocol;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace ActorTrainer.Cluster.Tests.Serialization;

public sealed class ClusterMessageSerializerSpecs(ClusterMessageSerializerSpecs.SharedSystem shared)
    : IClassFixture<ClusterMessageSerializerSpecs.SharedSystem>
{
    /// <summary>The specs only write and read; one system does for all of them.</summary>
    public sealed class SharedSystem : IAsyncLifetime
    {
        public ActorSystem System { get; } = ActorSystem.Create(
            "serialization",
            ConfigurationFactory.ParseString("akka.remote.dot-netty.tcp { port = 0, hostname = 127.0.0.1 }").WithFallback(NodeConfiguration.WithoutDatabase));

        public Task InitializeAsync() => Task.CompletedTask;

        public Task DisposeAsync() => System.Terminate();
    }

    /// <summary>Classes whose nested records are messages, and bases whose derived records are events.</summary>
    private static readonly Type[] Protocols = [.. new[] { typeof(StepProtocol).Assembly, typeof(RegistryProtocol).Assembly }
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type is { IsAbstract: true, IsSealed: true } && type.Name.EndsWith("Protocol", StringComparison.Ordinal))];

    private static readonly Type[] Families = [typeof(JobFact), typeof(RegistryFact), typeof(JobEvent)];

    public static TheoryData<string> Messages { get; } = [.. Types().Select(type => type.FullName!)];

    private SerializerWithStringManifest Serializer => (SerializerWithStringManifest)shared.System.Serialization.FindSerializerForType(typeof(StepProtocol.Offer));

    [Theory]
    [MemberData(nameof(Messages))]
    public void Gives_back_every_message_as_it_was(string name)
    {
        var type = Types().Single(candidate => candidate.FullName == name);
        foreach (var withOptional in new[] { true, false })
        {
            var message = new SampleOf(shared.System.DeadLetters, withOptional).Value(type);

            var read = Serializer.FromBinary(Serializer.ToBinary(message), Serializer.Manifest(message));

            Assert.Equal(SampleOf.Describe(message), SampleOf.Describe(read));
        }
    }

    [Fact]
    public void Gives_back_for_whom_a_job_waits()
    {
        var view = (JobView)new SampleOf(shared.System.DeadLetters, withOptional: true).Value(typeof(JobView)) with
        {
            Waits =
            [
                new JobWait("step 3", new NodeId("n"), new WorkerId("w"), null, [1, 2], 4, IsCopied: true),
                new JobWait("step 3", null, null, 0, [], 5, IsCopied: false),
                new JobWait("step 3", null, null, null, [], 6, IsCopied: false, Checkpoint: 2),
            ],
        };

        var read = (JobView)Serializer.FromBinary(Serializer.ToBinary(view), Serializer.Manifest(view));

        Assert.Equal(SampleOf.Describe(view), SampleOf.Describe(read));
        Assert.Equal(view.Waits.Select(wait => wait.Text), read.Waits.Select(wait => wait.Text));
    }

    /// <summary>
    /// Every fact, snapshot and a checkpoint's part as an older program stored them, beside what it read in them: all of
    /// that is still read, whatever fields there are between it. The first that trained (commit a7317d1), and the first that
    /// ran as a cluster, with snapshots of the registry and parts in chunks. Both databases hold these bytes.
    /// </summary>
    [Theory]
    [InlineData("stored-messages.tsv", 12)]
    [InlineData("stored-messages-2.tsv", 13)]
    public void Reads_what_was_stored_by_an_older_program(string fixture, int messages)
    {
        var stored = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", fixture));
        Assert.Equal(messages, stored.Length);
        foreach (var line in stored)
        {
            var (manifest, bytes, description) = line.Split('\t') is [var first, var second, var third] ? (first, second, third) : throw new FormatException(line);

            var read = SampleOf.Describe(Serializer.FromBinary(Convert.FromBase64String(bytes), manifest));

            var words = description.Split(' ');
            var found = 0;
            foreach (var word in read.Split(' '))
            {
                found += found < words.Length && words[found] == word ? 1 : 0;
            }

            Assert.True(found == words.Length, $"{manifest}: {(found < words.Length ? words[found] : "")} is not in {read}; it was {description}");
        }
    }

    /// <summary>For the fixture of a further version: ACTORTRAINER_FIXTURE names the file to be written.</summary>
    [Fact]
    public void Stores_every_event_and_snapshot_under_a_manifest()
    {
        var lines = new List<string>();
        foreach (var codec in MessageCodecs.Default.ByManifest.Values.Where(codec => codec.IsStored).OrderBy(codec => codec.Manifest, StringComparer.Ordinal))
        {
            var message = new SampleOf(shared.System.DeadLetters, withOptional: true).Value(codec.Type);
            var bytes = Serializer.ToBinary(message);
            lines.Add($"{Serializer.Manifest(message)}\t{Convert.ToBase64String(bytes)}\t{SampleOf.Describe(Serializer.FromBinary(bytes, codec.Manifest))}");
        }

        Assert.Contains(lines, line => line.StartsWith("registry-snapshot\t", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("checkpoint-part\t", StringComparison.Ordinal) && line.Contains("TotalBytes", StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("ACTORTRAINER_FIXTURE") is { Length: > 0 } file)
        {
            File.WriteAllLines(file, lines);
        }
    }

    [Fact]
    public void Finds_the_protocols_it_is_held_to()
    {
        Assert.Contains(typeof(StepProtocol), Protocols);
        Assert.Contains(typeof(WeightsProtocol), Protocols);
        Assert.Contains(typeof(JobProtocol), Protocols);
        Assert.Contains(typeof(RegistryProtocol), Protocols);
        Assert.True(Types().Count() > 50);
    }

    [Fact]
    public void Drops_and_counts_a_manifest_it_does_not_know()
    {
        var before = ClusterMessageSerializer.Refused;

        var refused = Assert.Throws<SerializationException>(() => Serializer.FromBinary([], "System.Diagnostics.Process"));

        Assert.Contains("\"System.Diagnostics.Process\" is not a message", refused.Message, StringComparison.Ordinal);
        Assert.True(ClusterMessageSerializer.Refused > before);
    }

    [Fact]
    public void Refuses_bytes_that_are_no_message()
    {
        Assert.Throws<SerializationException>(() => Serializer.FromBinary([255, 255, 255], "offer"));
        Assert.Throws<SerializationException>(() => Serializer.FromBinary([], "offer"));
    }

    [Fact]
    public void Has_no_other_form_for_an_object_outside_the_protocol()
    {
        var serializer = shared.System.Serialization.FindSerializerFor(new { Any = "thing" });

        Assert.IsType<ClusterMessageSerializer>(serializer);
        Assert.Throws<SerializationException>(() => serializer.ToBinary(new { Any = "thing" }));
    }

    [Fact]
    public void Lets_no_peer_choose_another_serializer_by_its_number()
    {
        const int NewtonsoftJson = 1;

        Assert.ThrowsAny<SerializationException>(() => shared.System.Serialization.Deserialize("{\"a\":1}"u8.ToArray(), NewtonsoftJson, "System.Object"));
    }

    [Fact]
    public void Throws_at_the_sender_of_a_message_that_is_too_large()
    {
        var message = new RegistryProtocol.Refused(new string('x', ClusterMessageSerializer.MaximumMessageBytes));

        var refused = Assert.Throws<SerializationException>(() => Serializer.ToBinary(message));

        Assert.Contains("at most 65536", refused.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<Type> Types() =>
    [
        .. Protocols.SelectMany(protocol => protocol.GetNestedTypes()).Where(type => type.IsClass),
        .. Families.SelectMany(family => family.GetNestedTypes()).Where(type => type is { IsClass: true, IsAbstract: false }),
        typeof(JobView),
        typeof(CheckpointPart),
        typeof(RegistrySnapshot),
    ];
}
