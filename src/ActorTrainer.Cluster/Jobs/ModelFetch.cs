using System.Runtime.InteropServices;
using System.Text;
using ActorTrainer.Cluster.Runs;
using ActorTrainer.Cluster.Transfer;
using ActorTrainer.Data;
using ActorTrainer.Training.Protocol;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>Brings a model here that another process has offered.</summary>
internal static class ModelFetch
{
    /// <exception cref="TransferException">It cannot be reached, has let go of the model, or what came is none.</exception>
    public static async Task<ModelView> OpenAsync(RunServices services, ModelOffered offered, CancellationToken cancellation)
    {
        var schema = await CopyAsync(services, offered.Schema, cancellation);
        var weights = await CopyAsync(services, offered.Weights, cancellation);
        var bytes = MemoryMarshal.AsBytes<float>(schema);
        if (offered.SchemaBytes < 0 || offered.SchemaBytes > bytes.Length)
        {
            throw new TransferException($"the schema of job {offered.Job}'s model has {offered.SchemaBytes} bytes; {bytes.Length} came");
        }

        return new ModelView(
            offered.Job, offered.Recipe, offered.Step, ImmutableCollectionsMarshal.AsImmutableArray(weights), File: null, offered.WeightsSha256)
        {
            Schema = DataSchema.FromJson(Encoding.UTF8.GetString(bytes[..offered.SchemaBytes])),
        };
    }

    private static async Task<float[]> CopyAsync(RunServices services, Ticket ticket, CancellationToken cancellation)
    {
        var lease = await services.FetchAsync(ticket, cancellation);
        try
        {
            return lease.Values.ToArray();
        }
        finally
        {
            lease.Release();
        }
    }
}
