using ActorTrainer.Data;
using ActorTrainer.Gateway.Models;

namespace ActorTrainer.Gateway.Tests.Models;

public sealed class VocabulariesTests
{
    private readonly Vocabularies _vocabularies = new();
    private readonly List<string> _read = [];

    private Vocabulary Of(string sha256) => _vocabularies.Of(sha256, () =>
    {
        _read.Add(sha256);
        return new Vocabulary([.. sha256.Select(c => (int)c).Order()]);
    });

    [Fact]
    public void Reads_a_text_once()
    {
        var first = Of("a");

        Assert.Same(first, Of("a"));
        Assert.Equal("b", Of("b").Characters);
        Assert.Equal(["a", "b"], _read);
    }

    [Fact]
    public void Keeps_no_more_than_its_bound_and_forgets_the_one_not_asked_for_longest()
    {
        for (var i = 0; i < Vocabularies.Maximum; i++)
        {
            Of($"{(char)('a' + i)}");
        }

        Of("a");
        Of("z");
        _read.Clear();

        Of("a");
        Of("z");
        Of("b");

        Assert.Equal(["b"], _read);
    }

    [Fact]
    public void Tries_again_after_a_text_could_not_be_read()
    {
        Assert.Throws<IOException>(() => _vocabularies.Of("a", () => throw new IOException()));

        Assert.Equal("a", Of("a").Characters);
    }
}
