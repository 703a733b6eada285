using System.Text.Json.Nodes;
using ActorTrainer.Numerics.Networks;
using static ActorTrainer.Training.Recipes.JsonPart;

namespace ActorTrainer.Training.Recipes;

/// <summary>How weights start, as canonical JSON.</summary>
internal static class InitializerJson
{
    public static JsonObject Write(Initializer initializer) => initializer switch
    {
        Initializer.TruncatedNormal normal => Kind("truncated_normal", new JsonObject
        {
            ["standard_deviation"] = Number(normal.StandardDeviation),
        }),
        Initializer.Uniform uniform => Kind("uniform", new JsonObject
        {
            ["low"] = Number(uniform.Low),
            ["high"] = Number(uniform.High),
        }),
        Initializer.Xavier => Kind("xavier", []),
        Initializer.Constant constant => Kind("constant", new JsonObject { ["value"] = Number(constant.Value) }),
        Initializer.Orthogonal orthogonal => Kind("orthogonal", new JsonObject { ["gain"] = Number(orthogonal.Gain) }),
        Initializer.Identity identity => Kind("identity", new JsonObject { ["scale"] = Number(identity.Scale) }),
        _ => throw Unknown(initializer),
    };

    public static Initializer Read(JsonFields fields)
    {
        var (kind, of) = fields.OneOf("truncated_normal", "uniform", "xavier", "constant", "orthogonal", "identity");
        return of.Complete<Initializer>(kind switch
        {
            "truncated_normal" => new Initializer.TruncatedNormal(of.Double("standard_deviation")),
            "uniform" => new Initializer.Uniform(of.Double("low"), of.Double("high")),
            "xavier" => new Initializer.Xavier(),
            "constant" => new Initializer.Constant(of.Double("value")),
            "orthogonal" => new Initializer.Orthogonal(of.Double("gain")),
            _ => new Initializer.Identity(of.Double("scale")),
        });
    }
}
