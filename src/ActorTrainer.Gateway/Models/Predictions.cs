using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Gateway.Models;

/// <summary>The predictions that a node makes at once; each holds its data in memory.</summary>
internal sealed class Predictions(GatewayOptions options) : Slots(options.MaxPredictions);
