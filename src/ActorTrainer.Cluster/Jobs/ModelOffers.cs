using System.Runtime.InteropServices;
using System.Text;
using ActorTrainer.Cluster.Runs;
using ActorTrainer.Training.Tensors;
using Akka.Actor;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>
/// Answers who asks for a model: in this process with the model, elsewhere with tickets of tensors that are
/// kept for a while. Used by one actor alone, which takes <see cref="Ended"/>.
/// </summary>
internal sealed class ModelOffers(IActorContext context, RunServices services) : IDisposable
{
    /// <summary>Models that wait to be fetched, of one actor.</summary>
    public const int Maximum = 8;

    private readonly HashSet<Ended> _kept = [];

    /// <param name="model">With its schema.</param>
    public void Answer(IActorRef asker, ModelView model)
    {
        if (asker is IActorRefScope { IsLocal: true })
        {
            asker.Tell(model, context.Self);
        }
        else if (_kept.Count >= Maximum)
        {
            asker.Tell(new Refused($"{Maximum} copies of the job's model wait to be fetched already; ask again in a moment."), context.Self);
        }
        else
        {
            Offer(asker, model);
        }
    }

    /// <summary>Lets go of what was offered.</summary>
    public void Take(Ended ended)
    {
        if (_kept.Remove(ended))
        {
            ended.Release();
        }
    }

    public void Dispose()
    {
        foreach (var ended in _kept)
        {
            ended.Release();
        }

        _kept.Clear();
    }

    private void Offer(IActorRef asker, ModelView model)
    {
        var schema = Encoding.UTF8.GetBytes(model.Schema!.ToJson());
        var offered = new Ended(
            services.Tensors.Rent(model.Weights.Length),
            services.Tensors.Rent((schema.Length + sizeof(float) - 1) / sizeof(float)));
        model.Weights.AsSpan().CopyTo(offered.Weights.Values);
        var bytes = MemoryMarshal.AsBytes(offered.Schema.Values);
        schema.CopyTo(bytes);
        bytes[schema.Length..].Clear();

        _kept.Add(offered);
        asker.Tell(
            new ModelOffered(
                model.Job, model.Recipe, model.Step, offered.Weights.Publish(), offered.Schema.Publish(), schema.Length, model.WeightsSha256),
            context.Self);
        context.System.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(ModelOfferSeconds), context.Self, offered, ActorRefs.NoSender);
    }

    /// <summary>To the actor itself: this offer has been kept long enough.</summary>
    internal sealed class Ended(TensorLease weights, TensorLease schema)
    {
        public TensorLease Weights { get; } = weights;

        public TensorLease Schema { get; } = schema;

        public void Release()
        {
            Weights.Release();
            Schema.Release();
        }
    }
}
