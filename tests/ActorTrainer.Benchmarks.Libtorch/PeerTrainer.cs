using System.Runtime.InteropServices;
using ActorTrainer.Benchmarks.Comparison;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ActorTrainer.Benchmarks.Libtorch;

/// <summary>
/// The model in libtorch's own modules, as somebody would write it. Its recurrent layers have a second bias beside
/// ours, which starts at 0 (in a GRU: at c for the candidate): the first loss is the same, the later ones are not quite.
/// </summary>
internal sealed class PeerTrainer
{
    private readonly PeerModel _model;
    private readonly nn.Module _body;
    private readonly Linear _head;
    private readonly Dropout? _dropout;
    private readonly List<Parameter> _parameters;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _inputs;
    private readonly Tensor _targets;

    /// <param name="bytes">Weights, inputs and targets.</param>
    public PeerTrainer(PeerModel model, Stream bytes)
    {
        _model = model;
        _body = model.Kind switch
        {
            "elman" => nn.RNN(model.Inputs, model.Units, model.Layers, nn.NonLinearities.Tanh),
            "lstm" => nn.LSTM(model.Inputs, model.Units, model.Layers),
            "gru" => nn.GRU(model.Inputs, model.Units, model.Layers),
            "dense" => nn.Linear(model.Inputs, model.Units),
            _ => throw new InvalidDataException($"{model.Kind} is no kind of layer"),
        };
        _head = nn.Linear(model.Units, model.Outputs);
        _dropout = model.Keep < 1 ? nn.Dropout(1 - model.Keep) : null;
        Load(Read<float>(bytes, model.Parameters));
        var inputs = Read<float>(bytes, model.Time * model.Rows * model.Inputs);
        _inputs = model.Kind == "dense" ? tensor(inputs, [model.Rows, model.Inputs]) : tensor(inputs, [model.Time, model.Rows, model.Inputs]);
        _targets = model.HasClasses
            ? tensor(Array.ConvertAll(Read<int>(bytes, model.Targets), target => (long)target))
            : tensor(Read<float>(bytes, model.Targets * model.Outputs), [model.Targets, model.Outputs]);
        _parameters = [.. _body.parameters(), .. _head.parameters()];
        _optimizer = optim.Adam(_parameters, PeerModel.LearningRate);
    }

    public double Loss()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        _dropout?.eval();
        var loss = Forward().item<float>();
        _dropout?.train();
        return loss;
    }

    public void Step()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        Forward().backward();
        nn.utils.clip_grad_norm_(_parameters, PeerModel.ClipNorm);
        _optimizer.step();
    }

    private Tensor Forward()
    {
        var outputs = _head.forward(Hidden());
        return _model.HasClasses
            ? nn.functional.cross_entropy(outputs, _targets)
            : nn.functional.binary_cross_entropy_with_logits(outputs, _targets);
    }

    /// <summary>[targets × units]</summary>
    private Tensor Hidden()
    {
        if (_body is Linear dense)
        {
            var activations = dense.forward(_inputs).tanh();
            return _dropout is null ? activations : _dropout.forward(activations);
        }

        var sequence = _body switch
        {
            RNN elman => elman.forward(_inputs, null).Item1,
            LSTM lstm => lstm.forward(_inputs).Item1,
            GRU gru => gru.forward(_inputs).Item1,
            _ => throw new InvalidOperationException($"{_body} is no recurrent layer"),
        };
        return _model.AtLastStep ? sequence[-1] : sequence.reshape(_model.Targets, _model.Units);
    }

    /// <summary>Ours is [inputs × gates·units], theirs transposed.</summary>
    private void Load(float[] weights)
    {
        using var unrecorded = no_grad();
        var place = 0;
        var gates = _model.Kind switch { "lstm" => 4, "gru" => 3, _ => 1 };
        var columns = gates * _model.Units;
        for (var layer = 0; layer < _model.Layers; layer++)
        {
            var inputs = layer == 0 ? _model.Inputs : _model.Units;
            if (_body is Linear dense)
            {
                dense.weight!.copy_(Matrix(inputs, columns));
                dense.bias!.copy_(Vector(columns));
                continue;
            }

            Of("weight_ih", layer).copy_(Matrix(inputs, columns));
            Of("weight_hh", layer).copy_(Matrix(_model.Units, columns));
            Of("bias_ih", layer).copy_(Vector(columns));
            Of("bias_hh", layer).zero_();
            if (_model.Kind == "gru")
            {
                Of("bias_hh", layer).narrow(0, 2 * _model.Units, _model.Units).copy_(Vector(_model.Units));
            }
        }

        _head.weight!.copy_(Matrix(_model.Units, _model.Outputs));
        _head.bias!.copy_(Vector(_model.Outputs));

        Tensor Matrix(int rows, int width) => Take(rows * width).reshape(rows, width).t();

        Tensor Vector(int length) => Take(length);

        Tensor Take(int length)
        {
            var values = tensor(weights[place..(place + length)]);
            place += length;
            return values;
        }
    }

    private Parameter Of(string name, int layer) =>
        _body.named_parameters().Single(parameter => parameter.name == $"{name}_l{layer}").parameter;

    private static T[] Read<T>(Stream from, int count)
        where T : unmanaged
    {
        var values = new T[count];
        from.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
