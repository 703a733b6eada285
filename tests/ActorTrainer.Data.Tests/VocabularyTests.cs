using System.Text;

namespace ActorTrainer.Data.Tests;

public sealed class VocabularyTests
{
    [Fact]
    public void Orders_characters_by_code_point_and_not_by_UTF_16_or_culture()
    {
        // 😀 (U+1F600) is written D83D DE00 in UTF-16 and sorts before ﬀ (U+FB00) there.
        var data = new TextData(Encoding.UTF8.GetBytes("ﬀ😀éaÄZ春a\r\n"), batchSize: 1, sequenceLength: 1, validationFraction: 0);

        Assert.Equal("\n\rZaÄé春ﬀ😀", data.Vocabulary.Characters);
        Assert.Equal(9, data.Vocabulary.Count);
    }

    [Fact]
    public void Gives_back_the_text_it_encoded()
    {
        var vocabulary = Vocabulary.FromCharacters("\nabé春😀");

        var symbols = vocabulary.Encode("😀a春\né");

        Assert.Equal([5, 1, 4, 0, 3], symbols);
        Assert.Equal("😀a春\né", vocabulary.Decode(symbols));
        Assert.Equal("春", vocabulary.Decode(4));
        Assert.Equal(-1, vocabulary.SymbolOf('z'));
    }

    [Fact]
    public void Is_rebuilt_from_its_characters()
    {
        var vocabulary = new Vocabulary([10, 97, 0x1F600]);

        var again = Vocabulary.FromCharacters(vocabulary.Characters);

        Assert.Equal("\na😀", again.Characters);
        Assert.Equal(3, again.Count);
    }

    [Theory]
    [InlineData("abz", "Character 'z' (U+007A) at position 2 is not among the 2 characters that the model was trained on.")]
    [InlineData("a\tb", "Character U+0009 at position 1 is not among the 2 characters that the model was trained on.")]
    [InlineData("ab😀", "Character '😀' (U+1F600) at position 2 is not among the 2 characters that the model was trained on.")]
    public void Names_a_character_it_does_not_know(string text, string message)
    {
        var refused = Assert.Throws<InvalidTextException>(() => Vocabulary.FromCharacters("ab").Encode(text));

        Assert.Equal(message, refused.Message);
    }

    [Fact]
    public void Refuses_half_of_a_surrogate_pair()
    {
        var refused = Assert.Throws<InvalidTextException>(() => Vocabulary.FromCharacters("ab").Encode("a\uD83D"));

        Assert.Equal("U+D83D at position 1 is half of a surrogate pair, which is no character.", refused.Message);
    }

    [Fact]
    public void Refuses_characters_that_are_no_vocabulary()
    {
        Assert.Throws<InvalidTextException>(() => Vocabulary.FromCharacters("ba"));
        Assert.Throws<InvalidTextException>(() => Vocabulary.FromCharacters("aa"));
        Assert.Throws<InvalidTextException>(() => Vocabulary.FromCharacters(""));
        Assert.Throws<ArgumentException>(() => new Vocabulary([0xD800]));
        Assert.Throws<ArgumentException>(() => new Vocabulary([]));
    }
}
