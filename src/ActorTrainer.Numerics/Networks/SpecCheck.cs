namespace ActorTrainer.Numerics.Networks;

/// <summary>
/// Holds a spec to what a network can be built from. A recipe's validator finds the same faults
/// earlier and all at once; this is the last door.
/// </summary>
internal static class SpecCheck
{
    /// <exception cref="ArgumentException">The first fault found, with the name of the thing.</exception>
    public static void Require(NetworkSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Positive(spec.InputSize, "input size");
        Positive(spec.Outputs, "outputs");
        Initializer(spec.OutputInitializer, "output initializer");
        Require(Enum.IsDefined(spec.Input), $"input kind {spec.Input} is not known");
        Require(Enum.IsDefined(spec.Loss), $"loss {spec.Loss} is not known");
        Require(Enum.IsDefined(spec.Head), $"head {spec.Head} is not known");
        Finite(spec.OutputBias, "output bias");
        ClassWeights(spec);
        Require(!spec.Layers.IsDefault, "layers are missing; an empty list is allowed");
        for (var i = 0; i < spec.Layers.Length; i++)
        {
            Layer(spec, i);
        }
    }

    private static void Layer(NetworkSpec spec, int index)
    {
        var name = $"layers[{index}]";
        switch (spec.Layers[index])
        {
            case LayerSpec.Embedding embedding:
                Require(index == 0, $"{name} is an embedding; only the first layer can be one");
                Require(spec.Input == InputKind.Symbols, $"{name} is an embedding, but the input is {spec.Input}; it needs Symbols");
                Positive(embedding.Dimension, $"{name}.dimension");
                Initializer(embedding.Initializer, $"{name}.initializer");
                break;
            case LayerSpec.Lstm lstm:
                Positive(lstm.Units, $"{name}.units");
                Finite(lstm.ForgetBias, $"{name}.forget_bias");
                Initializer(lstm.Initializer, $"{name}.initializer");
                RecurrentInitializer(lstm.RecurrentInitializer, name);
                break;
            case LayerSpec.Elman elman:
                Positive(elman.Units, $"{name}.units");
                Require(
                    elman.Activation is Activation.Tanh or Activation.Relu,
                    $"{name}.activation is {elman.Activation}; an Elman layer has Tanh or Relu");
                Initializer(elman.Initializer, $"{name}.initializer");
                RecurrentInitializer(elman.RecurrentInitializer, name);
                break;
            case LayerSpec.Gru gru:
                Positive(gru.Units, $"{name}.units");
                Require(Enum.IsDefined(gru.Reset), $"{name}.reset {gru.Reset} is not known");
                Initializer(gru.Initializer, $"{name}.initializer");
                RecurrentInitializer(gru.RecurrentInitializer, name);
                break;
            case LayerSpec.Dense dense:
                Positive(dense.Units, $"{name}.units");
                Finite(dense.Bias, $"{name}.bias");
                Require(Enum.IsDefined(dense.Activation), $"{name}.activation {dense.Activation} is not known");
                Initializer(dense.Initializer, $"{name}.initializer");
                break;
            case LayerSpec.Dropout dropout:
                Require(
                    dropout.Keep <= 1 && (float)dropout.Keep > 0f && float.IsFinite((float)(1 / dropout.Keep)),
                    $"{name}.keep is {dropout.Keep}; it must be above 0 and at most 1");
                Require(
                    index > 0 || spec.Input == InputKind.Features,
                    $"{name} is dropout over symbols; it needs Features, or a layer such as an embedding below it");
                break;
            default:
                throw new ArgumentException($"{name} is {spec.Layers[index]}, which is no layer known here");
        }
    }

    private static void ClassWeights(NetworkSpec spec)
    {
        Require(!spec.ClassWeights.IsDefault, "class weights are missing; an empty list is allowed");
        if (spec.ClassWeights.IsEmpty)
        {
            return;
        }

        Require(spec.Loss == LossKind.SoftmaxCrossEntropy, $"there are class weights under {spec.Loss}; they need SoftmaxCrossEntropy");
        Require(
            spec.ClassWeights.Length == spec.Outputs,
            $"there are {spec.ClassWeights.Length} class weights for {spec.Outputs} outputs; there must be one for each, or none");
        for (var i = 0; i < spec.ClassWeights.Length; i++)
        {
            var weight = spec.ClassWeights[i];
            Require(
                weight >= 0 && float.IsFinite((float)weight),
                $"class weight {i} is {weight}; it must be at least 0 and a finite float");
        }
    }

    private static void RecurrentInitializer(Initializer? initializer, string layer)
    {
        if (initializer is not null)
        {
            Initializer(initializer, $"{layer}.recurrent_initializer");
        }
    }

    private static void Initializer(Initializer initializer, string name)
    {
        switch (initializer)
        {
            case Networks.Initializer.TruncatedNormal normal:
                Finite(normal.StandardDeviation, $"{name}.standard_deviation");
                Require(
                    normal.StandardDeviation >= 0,
                    $"{name}.standard_deviation is {normal.StandardDeviation}; it must not be negative");
                break;
            case Networks.Initializer.Uniform uniform:
                Finite(uniform.Low, $"{name}.low");
                Finite(uniform.High, $"{name}.high");
                Require(uniform.Low <= uniform.High, $"{name} is uniform from {uniform.Low} to {uniform.High}; low must not exceed high");
                break;
            case Networks.Initializer.Constant constant:
                Finite(constant.Value, $"{name}.value");
                break;
            case Networks.Initializer.Orthogonal orthogonal:
                Finite(orthogonal.Gain, $"{name}.gain");
                break;
            case Networks.Initializer.Identity identity:
                Finite(identity.Scale, $"{name}.scale");
                break;
            case Networks.Initializer.Xavier:
                break;
            default:
                throw new ArgumentException($"{name} is {initializer?.ToString() ?? "missing"}, which is no initializer known here");
        }
    }

    private static void Positive(int value, string name) => Require(value >= 1, $"{name} is {value}; it must be at least 1");

    private static void Finite(double value, string name) => Require(double.IsFinite(value), $"{name} is {value}; it must be finite");

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException(otherwise);
        }
    }
}
