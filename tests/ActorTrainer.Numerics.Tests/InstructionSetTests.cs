using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ActorTrainer.Numerics.Tests;

/// <summary>The same bits whatever instructions the machine has.</summary>
public sealed class InstructionSetTests
{
    public static TheoryData<VectorWidth> Widths => Bits.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_probe_finds_the_expected_hash_at_every_width(VectorWidth width) =>
        Assert.Equal(Probe.Expected, Probe.Sha256(width));

    [Fact]
    public async Task Without_512_bits_the_bits_are_the_same()
    {
        var found = await RunAsync("DOTNET_EnableAVX512");

        Assert.Equal($"512=False 256={Avx2.IsSupported} fma={Fma.IsSupported} vectors={Vector128.IsHardwareAccelerated}", found[0]);
        Assert.Equal([Probe.Expected, Probe.Expected, Probe.Expected], found[1..]);
    }

    [Fact]
    public async Task Without_256_bits_and_fused_multiply_add_the_bits_are_the_same()
    {
        var found = await RunAsync("DOTNET_EnableAVX2");

        Assert.Equal($"512=False 256=False fma=False vectors={Vector128.IsHardwareAccelerated}", found[0]);
        Assert.Equal([Probe.Expected, Probe.Expected, Probe.Expected], found[1..]);
    }

    [Fact]
    public async Task Without_any_vector_instruction_the_bits_are_the_same()
    {
        var found = await RunAsync("DOTNET_EnableHWIntrinsic");

        Assert.Equal("512=False 256=False fma=False vectors=False", found[0]);
        Assert.Equal([Probe.Expected, Probe.Expected, Probe.Expected], found[1..]);
    }

    [Fact]
    public void The_width_is_described_in_one_line()
    {
        Assert.StartsWith($"{(int)VectorWidths.Widest}-bit vectors with", VectorWidths.Describe());
        Assert.DoesNotContain('\n', VectorWidths.Describe());
    }

    private static async Task<string[]> RunAsync(string switchedOff)
    {
        // A test host may be a program of its own; then dotnet is on the path.
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host)
        {
            ArgumentList = { "exec", typeof(ProbeProgram).Assembly.Location },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[switchedOff] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {await errors}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
