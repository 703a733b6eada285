using ActorTrainer.Data;

namespace ActorTrainer.Gateway.Models;

/// <summary>
/// The vocabularies of the texts that models were asked for last, by the text's SHA-256: finding the
/// characters of a text means reading all of it.
/// </summary>
internal sealed class Vocabularies
{
    /// <summary>Vocabularies that are kept, each of at most 65,536 characters; of more, the one not asked for longest goes.</summary>
    public const int Maximum = 16;

    private readonly Lock _finding = new();
    private readonly LinkedList<(string Sha256, Vocabulary Vocabulary)> _kept = new();

    /// <param name="read">Finds one that is not kept; what it throws, this throws. It may run twice when two ask at once.</param>
    public Vocabulary Of(string sha256, Func<Vocabulary> read)
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
                if (_kept.Count > Maximum)
                {
                    _kept.RemoveLast();
                }
            }
        }

        return found;
    }

    private Vocabulary? Find(string sha256)
    {
        lock (_finding)
        {
            for (var node = _kept.First; node is not null; node = node.Next)
            {
                if (node.Value.Sha256 == sha256)
                {
                    _kept.Remove(node);
                    _kept.AddFirst(node);
                    return node.Value.Vocabulary;
                }
            }

            return null;
        }
    }
}
