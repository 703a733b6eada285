namespace ActorTrainer.Data.Tests;

public sealed class ContentHashTests
{
    /// <summary>FIPS 180-2, appendix B.1: the message "abc".</summary>
    [Fact]
    public void Is_the_standard_hash_in_lower_case()
    {
        const string Published = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

        Assert.Equal(Published, ContentHash.Sha256Of("abc"u8));
        Assert.Equal(Published, ContentHash.Sha256Of(new MemoryStream("abc"u8.ToArray())));
    }
}
