namespace ActorTrainer.Gateway.Models;

/// <summary>What was asked for last, by a hash: finding it means reading all of a file. Any thread may ask.</summary>
/// <param name="maximum">How many are kept; of more, the one not asked for longest goes.</param>
internal abstract class RecentlyUsed<T>(int maximum)
    where T : class
{
    private readonly Lock _finding = new();
    private readonly LinkedList<(string Sha256, T Value)> _kept = new();

    /// <param name="read">Finds one that is not kept; what it throws, this throws. It may run twice when two ask at once.</param>
    public T Of(string sha256, Func<T> read)
    {
        if (Find(sha256) is { } kept)
        {
            return kept;
        }

        var found = read();
        lock (_finding)
        {
            if (Find(sha256) is null)
            {
                _kept.AddFirst((sha256, found));
                if (_kept.Count > maximum)
                {
                    _kept.RemoveLast();
                }
            }
        }

        return found;
    }

    private T? Find(string sha256)
    {
        lock (_finding)
        {
            for (var node = _kept.First; node is not null; node = node.Next)
            {
                if (node.Value.Sha256 == sha256)
                {
                    _kept.Remove(node);
                    _kept.AddFirst(node);
                    return node.Value.Value;
                }
            }

            return null;
        }
    }
}
