using System.Collections.Immutable;
using ActorTrainer.Numerics.Networks;
using ActorTrainer.Numerics.Reduction;

namespace ActorTrainer.Numerics.Tests.Networks;

public sealed class LossTests
{
    /// <summary>A network that passes its features on as logits.</summary>
    private static Sample Logits(LossKind loss, int time, params float[] features)
    {
        var outputs = features.Length / time;
        var spec = Sample.Lstm(1) with { Layers = ImmutableArray<LayerSpec>.Empty, InputSize = outputs, Outputs = outputs, Loss = loss };
        var sample = new Sample(spec, time, rows: 1);
        sample.Weights.Values.Clear();
        for (var i = 0; i < outputs; i++)
        {
            sample.Weights.Values[(i * outputs) + i] = 1f;
        }

        sample.Weights.Changed();
        features.CopyTo(sample.Batch.Features);
        sample.Batch.TargetWeights.Fill(1f);
        sample.Batch.Classes.Clear();
        sample.Batch.Targets.Clear();
        return sample;
    }

    /// <summary>Gradient of the logits: the bias's, when there is one step and one row.</summary>
    private static (LossSums Sums, float[] Delta) Run(Sample sample)
    {
        var expected = sample.Run(width: null, Sample.Lanes(1), new LaneBlock(0, 1));
        foreach (var width in VectorWidths.All)
        {
            Sample.Result.AssertEqual(expected, sample.Run(width, Sample.Lanes(1), new LaneBlock(0, 1)), $"{width}");
        }

        return (expected.Sums[0], expected.Gradients[0][^sample.Spec.Outputs..]);
    }

    [Theory]
    [InlineData(0, 0.0, 1f)]
    [InlineData(1, 10000.0, 0f)]
    [InlineData(2, 20000.0, 0f)]
    public void Softmax_survives_logits_of_ten_thousand(int target, double loss, float right)
    {
        var sample = Logits(LossKind.SoftmaxCrossEntropy, 1, 1e4f, 0f, -1e4f);
        sample.Batch.Classes[0] = target;

        var (sums, delta) = Run(sample);

        Assert.Equal(new LossSums(loss, 1, right, 1, right) { Targets = 1 }, sums);
        Assert.Equal([1f - (target == 0 ? 1f : 0f), target == 1 ? -1f : 0f, target == 2 ? -1f : 0f], delta);
    }

    [Fact]
    public void Binary_survives_logits_of_ten_thousand()
    {
        var sample = Logits(LossKind.BinaryCrossEntropy, 1, 1e4f, 1e4f, -1e4f, -1e4f);
        new float[] { 1, 0, 0, 1 }.CopyTo(sample.Batch.Targets);

        var (sums, delta) = Run(sample);

        Assert.Equal(20000, sums.Loss);
        Assert.Equal([0f, 1f, 0f, -1f], delta);
    }

    [Fact]
    public void Softmax_of_equal_logits_is_the_logarithm_of_their_number_and_the_lowest_index_wins()
    {
        var sample = Logits(LossKind.SoftmaxCrossEntropy, 1, new float[19]);

        Assert.Equal(Math.Log(19), Run(sample).Sums.Loss, 1e-6);
        Assert.Equal(1, Run(sample).Sums.Correct);
        sample.Batch.Classes[0] = 18;
        Assert.Equal(0, Run(sample).Sums.Correct);
    }

    [Fact]
    public void Binary_is_right_when_every_output_is_on_its_side_of_one_half()
    {
        var sample = Logits(LossKind.BinaryCrossEntropy, 1, 0.1f, -0.1f, 0f);
        new float[] { 1, 0, 0 }.CopyTo(sample.Batch.Targets);
        Assert.Equal(1, Run(sample).Sums.Correct);

        sample.Batch.Targets[2] = 1;
        Assert.Equal(0, Run(sample).Sums.Correct);
    }

    [Theory]
    [InlineData(LossKind.SoftmaxCrossEntropy)]
    [InlineData(LossKind.BinaryCrossEntropy)]
    [InlineData(LossKind.MeanSquaredError)]
    public void A_masked_target_touches_neither_loss_nor_gradient_whatever_it_holds(LossKind loss)
    {
        var sample = Logits(loss, 2, 0.5f, -0.5f, float.NaN, 1f);
        sample.Batch.TargetWeights[1] = 0f;
        if (loss == LossKind.SoftmaxCrossEntropy)
        {
            sample.Batch.Classes[1] = -7;
        }
        else
        {
            sample.Batch.Targets[2] = float.NaN;
        }

        var alone = Logits(loss, 1, 0.5f, -0.5f);
        var (sums, delta) = Run(sample);

        Assert.Equal(Run(alone).Sums, sums);
        Assert.Equal(Run(alone).Delta, delta);
    }

    [Fact]
    public void Counts_sequences_as_exact_when_every_unmasked_target_is_right()
    {
        var sample = Logits(LossKind.SoftmaxCrossEntropy, 3, 1f, 0f, 1f, 0f, 0f, 1f);
        Assert.Equal((2, 0), (Run(sample).Sums.Correct, Run(sample).Sums.ExactSequences));

        sample.Batch.TargetWeights[2] = 0f;
        Assert.Equal((2, 1), (Run(sample).Sums.Correct, Run(sample).Sums.ExactSequences));

        sample.Batch.TargetWeights.Clear();
        Assert.Equal(new LossSums(0, 0, 0, Sequences: 1, ExactSequences: 0), Run(sample).Sums);
    }

    [Fact]
    public void Weighs_a_target_in_loss_count_and_gradient()
    {
        var sample = Logits(LossKind.SoftmaxCrossEntropy, 1, 0f, 0f);
        sample.Batch.TargetWeights[0] = 0.25f;

        var (sums, delta) = Run(sample);

        Assert.Equal((0.25, 0.25), (sums.Weight, sums.Correct));
        Assert.Equal(0.25 * Math.Log(2), sums.Loss, 1e-7);
        Assert.Equal([-0.125f, 0.125f], delta);
    }

    [Fact]
    public void Squares_are_averaged_over_the_outputs_and_nothing_is_right()
    {
        var sample = Logits(LossKind.MeanSquaredError, 1, 1f, -2f, 0.5f, 0f);
        new float[] { 0, 2, 0.5f, 1 }.CopyTo(sample.Batch.Targets);
        sample.Batch.TargetWeights[0] = 0.5f;

        var (sums, delta) = Run(sample);

        Assert.Equal(new LossSums(0.5 * 18 / 4, 0.5, 0, 1, 0) { Targets = 0.5 }, sums);
        Assert.Equal([0.25f, -1f, 0f, -0.25f], delta);
    }

    [Fact]
    public void Class_weights_count_in_loss_weight_and_gradient_but_not_in_what_is_right()
    {
        var plain = Logits(LossKind.SoftmaxCrossEntropy, 1, 2f, 0f);
        plain.Batch.TargetWeights[0] = 0.5f;
        var weighted = Weighted(plain, [3, 0]);
        var (sums, delta) = Run(plain);
        var (weightedSums, weightedDelta) = Run(weighted);

        Assert.Equal((1.5, 0.5, 0.5), (weightedSums.Weight, weightedSums.Targets, weightedSums.Correct));
        Assert.Equal(3 * sums.Loss, weightedSums.Loss, 1e-7);
        Assert.Equal(3 * delta[1], weightedDelta[1], 1e-6f);

        weighted.Batch.Classes[0] = 1;
        (weightedSums, weightedDelta) = Run(weighted);
        Assert.Equal((0, 0, 0.5, 0), (weightedSums.Loss, weightedSums.Weight, weightedSums.Targets, weightedSums.Correct));
        Assert.All(weightedDelta, element => Assert.Equal(0f, element));
    }

    [Theory]
    [InlineData(LossKind.BinaryCrossEntropy, new double[] { 1, 1 }, "there are class weights under BinaryCrossEntropy; they need SoftmaxCrossEntropy")]
    [InlineData(LossKind.SoftmaxCrossEntropy, new double[] { 1 }, "there are 1 class weights for 2 outputs; there must be one for each, or none")]
    [InlineData(LossKind.SoftmaxCrossEntropy, new[] { 1, -0.5 }, "class weight 1 is -0.5; it must be at least 0 and a finite float")]
    [InlineData(LossKind.SoftmaxCrossEntropy, new[] { double.NaN, 1 }, "class weight 0 is NaN; it must be at least 0 and a finite float")]
    public void Refuses_class_weights_that_make_no_sense(LossKind loss, double[] weights, string message)
    {
        var spec = Sample.Lstm(1) with { Outputs = 2, Loss = loss, ClassWeights = [.. weights] };

        Assert.Equal(message, Assert.Throws<ArgumentException>(() => new ModelLayout(spec)).Message);
    }

    private static Sample Weighted(Sample plain, double[] weights)
    {
        var sample = new Sample(plain.Spec with { ClassWeights = [.. weights] }, plain.Batch.Time, plain.Batch.Rows);
        plain.Weights.Values.CopyTo(sample.Weights.Values);
        sample.Weights.Changed();
        plain.Batch.Features.CopyTo(sample.Batch.Features);
        plain.Batch.Classes.CopyTo(sample.Batch.Classes);
        plain.Batch.TargetWeights.CopyTo(sample.Batch.TargetWeights);
        return sample;
    }
}
