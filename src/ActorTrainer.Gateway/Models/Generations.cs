using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Gateway.Models;

/// <summary>The generations that a node runs at once.</summary>
internal sealed class Generations(GatewayOptions options) : Slots(options.MaxGenerations);
