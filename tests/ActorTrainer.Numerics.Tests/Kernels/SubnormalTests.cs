using ActorTrainer.Numerics.Kernels;

namespace ActorTrainer.Numerics.Tests.Kernels;

public sealed class SubnormalTests
{
    [Fact]
    public void A_thread_computes_with_subnormal_numbers()
    {
        Assert.True(Subnormals.AreOn());
        Subnormals.Require();
    }
}
