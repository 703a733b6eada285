using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Numerics.Tests.Randomness;

public sealed class Philox4x32Tests
{
    /// <summary>Known answers published with Random123 (D. E. Shaw Research), file kat_vectors, philox4x32 10.</summary>
    [Theory]
    [InlineData(0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void Gives_the_published_answers(
        uint counter0, uint counter1, uint counter2, uint counter3, uint key0, uint key1, uint word0, uint word1, uint word2, uint word3)
    {
        var block = Philox4x32.Block(key0, key1, counter0, counter1, counter2, counter3);

        Assert.Equal(new PhiloxBlock(word0, word1, word2, word3), block);
        Assert.Equal([word0, word1, word2, word3], Enumerable.Range(0, 4).Select(word => block[word]));
    }
}
