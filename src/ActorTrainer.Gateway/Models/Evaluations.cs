using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Gateway.Models;

/// <summary>The evaluations that a node makes at once; each holds its job's data in memory.</summary>
internal sealed class Evaluations(GatewayOptions options) : Slots(options.MaxEvaluations);
