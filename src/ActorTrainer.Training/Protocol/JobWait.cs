using System.Collections.Immutable;

namespace ActorTrainer.Training.Protocol;

/// <summary>
/// For whom the next item of a job waits longer than is usual: a node, a shard that lives on one, or a checkpoint that
/// is being stored.
/// </summary>
/// <param name="What">What waits: "step 412", or "the validation after step 400".</param>
/// <param name="Node">Null where it is not known.</param>
/// <param name="Worker">The node's only worker that is late; null: several are, or it is a shard.</param>
/// <param name="Shard">Null: workers are late.</param>
/// <param name="Lanes">Those that are missing, ascending; none of a shard.</param>
/// <param name="Seconds">Whole seconds beyond the usual time.</param>
/// <param name="IsCopied">Somebody else computes the lanes too (P7).</param>
/// <param name="Checkpoint">Of a checkpoint the training steps applied where it stands; null: somebody is late.</param>
public sealed record JobWait(
    string What, NodeId? Node, WorkerId? Worker, int? Shard, ImmutableArray<int> Lanes, int Seconds, bool IsCopied, long? Checkpoint = null)
{
    /// <summary>"step 412 waits 3 s for node-ab12cd34 (lanes 4–7)", or "… for the checkpoint of step 375 to be stored".</summary>
    public string Text
    {
        get
        {
            var whom = Checkpoint is { } step ? $"the checkpoint of step {step} to be stored"
                : Shard is { } shard ? $"shard {shard}{(Node is { } home ? $" on {home}" : "")}"
                : $"{Node} ({LaneNames})";
            return $"{What} waits {Seconds} s for {whom}{(IsCopied ? ", whose lanes another node computes too" : "")}";
        }
    }

    /// <summary>"lane 4" or "lanes 0–1, 4–7".</summary>
    private string LaneNames
    {
        get
        {
            var ranges = new List<string>();
            for (var i = 0; i < Lanes.Length;)
            {
                var first = Lanes[i];
                var last = first;
                for (i++; i < Lanes.Length && Lanes[i] == last + 1; i++)
                {
                    last++;
                }

                ranges.Add(first == last ? $"{first}" : $"{first}–{last}");
            }

            return $"{(Lanes.Length == 1 ? "lane" : "lanes")} {string.Join(", ", ranges)}";
        }
    }
}
