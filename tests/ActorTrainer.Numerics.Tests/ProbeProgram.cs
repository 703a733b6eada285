using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorTrainer.Numerics.Tests;

/// <summary>
/// The entry point of this assembly: prints which instructions the process has and the probe's hash at
/// every width, for <see cref="InstructionSetTests"/>.
/// </summary>
public static class ProbeProgram
{
    public static void Main()
    {
        Console.WriteLine($"512={Avx512F.IsSupported} 256={Avx2.IsSupported} fma={Fma.IsSupported} vectors={Vector128.IsHardwareAccelerated}");
        foreach (var width in VectorWidths.All)
        {
            Console.WriteLine(Probe.Sha256(width));
        }
    }
}
