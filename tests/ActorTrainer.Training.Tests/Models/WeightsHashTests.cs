using ActorTrainer.Training.Models;

namespace ActorTrainer.Training.Tests.Models;

public sealed class WeightsHashTests
{
    /// <summary>printf '\x00\x00\x80\x3f\x00\x00\x00\xc0' | sha256sum</summary>
    [Fact]
    public void Is_the_SHA_256_of_little_endian_floats() =>
        Assert.Equal("ee4ac73c2bd27756ab82780f27c73a7bc4d3f0bb6acb37e008bc27eccd7e588b", WeightsHash.Sha256([1f, -2f]));

    [Fact]
    public void Of_no_weights_is_the_SHA_256_of_nothing() =>
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", WeightsHash.Sha256([]));

    [Fact]
    public void Does_not_depend_on_how_the_weights_are_cut()
    {
        var weights = Enumerable.Range(0, (1 << 20) + 77).Select(i => (float)i).ToArray();
        using var hash = new WeightsHash();
        for (var at = 0; at < weights.Length; at += 100_003)
        {
            hash.Append(weights.AsSpan(at, Math.Min(100_003, weights.Length - at)));
        }

        Assert.Equal(WeightsHash.Sha256(weights), hash.Finish());
    }

    [Fact]
    public void Tells_minus_zero_from_zero() => Assert.NotEqual(WeightsHash.Sha256([0f]), WeightsHash.Sha256([-0f]));
}
