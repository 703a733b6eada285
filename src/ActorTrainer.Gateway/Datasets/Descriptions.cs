using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Gateway.Datasets;

/// <summary>The data sets that a node looks into at once.</summary>
internal sealed class Descriptions(GatewayOptions options) : Slots(options.MaxDescriptions);
