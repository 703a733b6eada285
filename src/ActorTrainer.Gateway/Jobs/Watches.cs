using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>The watches that a node serves at once.</summary>
internal sealed class Watches(GatewayOptions options) : Slots(options.MaxWatches);
