namespace ActorTrainer.Numerics;

/// <summary>Bits of the vectors that a kernel computes with. No result depends on it.</summary>
public enum VectorWidth
{
    Bits128 = 128,
    Bits256 = 256,
    Bits512 = 512,
}
