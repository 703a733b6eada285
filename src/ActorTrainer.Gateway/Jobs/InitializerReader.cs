using ActorTrainer.Numerics.Networks;
using Proto = ActorTrainer.Contracts.V1;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>Reads how weights start.</summary>
internal sealed class InitializerReader(FieldProblems problems)
{
    /// <param name="otherwise">What it is where nothing is said.</param>
    public Initializer Read(Proto.Initializer? initializer, string path, Initializer otherwise) =>
        initializer is null ? otherwise : ReadKind(initializer, path, otherwise);

    /// <summary>Null where nothing is said.</summary>
    public Initializer? ReadOptional(Proto.Initializer? initializer, string path) =>
        initializer is null ? null : ReadKind(initializer, path, SpecDefaults.Dense);

    private Initializer ReadKind(Proto.Initializer initializer, string path, Initializer otherwise)
    {
        switch (initializer.KindCase)
        {
            case Proto.Initializer.KindOneofCase.TruncatedNormal:
                return new Initializer.TruncatedNormal(initializer.TruncatedNormal.StandardDeviation);
            case Proto.Initializer.KindOneofCase.Uniform:
                return new Initializer.Uniform(initializer.Uniform.Low, initializer.Uniform.High);
            case Proto.Initializer.KindOneofCase.Xavier:
                return new Initializer.Xavier();
            case Proto.Initializer.KindOneofCase.Constant:
                return new Initializer.Constant(initializer.Constant.Value);
            case Proto.Initializer.KindOneofCase.Orthogonal:
                return new Initializer.Orthogonal(initializer.Orthogonal.HasGain ? initializer.Orthogonal.Gain : SpecDefaults.Gain);
            case Proto.Initializer.KindOneofCase.Identity:
                return new Initializer.Identity(initializer.Identity.HasScale ? initializer.Identity.Scale : SpecDefaults.Scale);
            default:
                problems.Missing(path, "truncated_normal, uniform, xavier, constant, orthogonal or identity");
                return otherwise;
        }
    }
}
