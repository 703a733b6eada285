using ActorTrainer.Gateway.Hosting;

namespace ActorTrainer.Gateway.Datasets;

/// <summary>The uploads that a node takes at once.</summary>
internal sealed class Uploads(GatewayOptions options) : Slots(options.MaxUploads);
