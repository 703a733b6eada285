using System.Diagnostics;

namespace ActorTrainer.Gateway.Tests.Clients;

/// <summary>Skipped, and says why, on a machine without Python's gRPC.</summary>
internal sealed class PythonGrpcFactAttribute : FactAttribute
{
    /// <summary>The system's Python, to which its packages belong.</summary>
    public const string Python = "/usr/bin/python3";

    public PythonGrpcFactAttribute()
    {
        if (!HasGrpc())
        {
            Skip = $"{Python} with grpcio and protobuf is not here (Debian: python3-grpcio, python3-protobuf)";
        }
    }

    private static bool HasGrpc()
    {
        if (!File.Exists(Python))
        {
            return false;
        }

        using var probe = Process.Start(new ProcessStartInfo(Python)
        {
            ArgumentList = { "-c", "import grpc, google.protobuf.message_factory" },
            RedirectStandardError = true,
        })!;
        probe.StandardError.ReadToEnd();
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }
}
