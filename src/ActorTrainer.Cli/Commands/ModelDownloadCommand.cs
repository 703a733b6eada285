using System.CommandLine;
using System.Security.Cryptography;
using ActorTrainer.Cli.Connections;
using ActorTrainer.Cli.Reports;
using ActorTrainer.Cli.Terminals;
using ActorTrainer.Contracts.V1;
using Grpc.Core;

namespace ActorTrainer.Cli.Commands;

/// <summary>`actortrainer model download`: a model's safetensors file, checked by its hash.</summary>
internal static class ModelDownloadCommand
{
    public static Command Create(Terminal terminal)
    {
        var job = CommonOptions.JobId();
        var home = new NodeChoice();
        var output = new Option<string?>("--output", "-o") { Description = "The file to write [default: JOB.safetensors]", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Replace the file if it exists" };
        return new Command("download", "Fetch a model as a safetensors file.") { job, output, force, home }
            .WithExamples("model download binary-addition-k3f9", "model download binary-addition-k3f9 -o adder.safetensors")
            .Runs(terminal, async line =>
            {
                var id = line.GetRequiredValue(job);
                var file = line.GetValue(output) ?? id + ".safetensors";
                if (File.Exists(file) && !line.GetValue(force))
                {
                    throw new UsageException($"{file} exists; name another file with -o, or replace it with --force");
                }

                using var interrupts = new Interrupts();
                await using var node = await NodeSession.OpenExistingAsync(home.Of(line), interrupts.Requested);
                var header = await DownloadAsync(node.Client, id, file, interrupts.Requested);
                terminal.Output.WriteLine($"{file}: {Quantity.Bytes(header.Length)}");
                terminal.Output.WriteLine($"  weights_sha256  {header.WeightsSha256}");
                return ExitCode.Success;
            });
    }

    /// <summary>Beside the file first, so that what bears its name is whole.</summary>
    private static async Task<ModelHeader> DownloadAsync(NodeClient client, string job, string file, CancellationToken cancellation)
    {
        using var call = client.Models.DownloadModel(new DownloadModelRequest { JobId = job }, cancellationToken: cancellation);
        var partial = file + ".partial";
        ModelHeader? header = null;
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await foreach (var part in call.ResponseStream.ReadAllAsync(cancellation))
            {
                if (header is null)
                {
                    header = part.Header ?? throw new FailureException($"the node sent no header for the model of {job}");
                    File.Delete(partial);
                    continue;
                }

                hash.AppendData(part.Chunk.Span);
                await using var stream = new FileStream(partial, FileMode.Append);
                await stream.WriteAsync(part.Chunk.Memory, cancellation);
            }

            var found = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (header is null || found != header.Sha256)
            {
                throw new FailureException($"the model of {job} came with the hash {found} and should have {header?.Sha256}; try again");
            }

            File.Move(partial, file, overwrite: true);
            return header;
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
