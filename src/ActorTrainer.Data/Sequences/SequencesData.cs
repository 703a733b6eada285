using ActorTrainer.Numerics.Networks;

namespace ActorTrainer.Data.Sequences;

/// <summary>
/// Labelled sequences of a CSV or a JSON-lines file: numbers or symbols at every time step, and a class or
/// numbers to be learned for the whole sequence, or at each of its steps (tagging).
/// </summary>
/// <remarks>
/// Classes are those of the training part; one that only validates could not have been learned, and is
/// refused by name. Events and characters are those of both parts, as in a text. Means and deviations are
/// those of the training part. Which sequences only validate is a function of the seed, or a file of their
/// own says it; then they are numbered behind those of the first.
/// </remarks>
public sealed class SequencesData : ShuffledData
{
    private readonly FittedSequences _fitted;

    /// <param name="content">The file; read to its end and left open.</param>
    /// <param name="validation">A file of the same form that only validates; null: a share of the first does.</param>
    /// <param name="options">Where the sequences and their labels are.</param>
    /// <param name="batchSize">Rows of a batch; at least 1.</param>
    /// <param name="validationFraction">Share of the sequences for validation, in [0, 1); not looked at where there is a file for it.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <param name="limits">Bounds of what is read; null: the usual ones.</param>
    /// <exception cref="InvalidDataSetException">The files are not what the options say; the message has up to 20 faults.</exception>
    public SequencesData(
        Stream content,
        Stream? validation,
        SequencesOptions options,
        int batchSize,
        double validationFraction,
        uint seed,
        DataLimits? limits = null)
        : this(FittedSequences.Read(content, validation, options, validationFraction, seed, limits ?? DataLimits.Default), batchSize, seed)
    {
    }

    private SequencesData(FittedSequences fitted, int batchSize, uint seed)
        : base(fitted.Split.Training, fitted.Split.Validation, batchSize, seed)
    {
        _fitted = fitted;
        for (var sequence = 0; sequence < fitted.Store.Count; sequence++)
        {
            MaximumTime = Math.Max(MaximumTime, TimeOf(sequence));
        }
    }

    public override DataSchema Schema => _fitted.Schema;

    public override InputKind Input => Schema.Input;

    public override int InputSize => Schema.InputSize;

    public override int Outputs => Schema.Outputs;

    public override LossKind NaturalLoss => Schema.Classes.IsEmpty ? LossKind.MeanSquaredError : LossKind.SoftmaxCrossEntropy;

    public override Head Head => _fitted.Store.LabelAtEveryStep ? Head.EveryStep : Head.LastStep;

    public override int MaximumTime { get; }

    private protected override int TimeOf(int sample) => _fitted.Store.LengthOf(sample);

    private protected override void Write(SequenceBatch batch, int row, int sample)
    {
        _fitted.Inputs.Write(batch, row, sample);
        var store = _fitted.Store;
        var labels = store.LabelAtEveryStep ? store.LengthOf(sample) : 1;
        for (var t = 0; t < batch.TargetTime; t++)
        {
            var at = (t * batch.Rows) + row;
            batch.TargetWeights[at] = t < labels && WriteTarget(batch, at, store.LabelAt(sample, t)) ? 1f : 0f;
            if (batch.TargetWeights[at] == 0)
            {
                Mask(batch, at);
            }
        }
    }

    private bool WriteTarget(SequenceBatch batch, long at, long label)
    {
        var store = _fitted.Store;
        if (!Schema.Classes.IsEmpty)
        {
            var number = store.ClassLabels[label];
            batch.Classes[(int)at] = number < 0 ? 0 : _fitted.ClassOf[number];
            return number >= 0;
        }

        var targets = batch.Targets.Slice((int)at * Outputs, Outputs);
        for (var output = 0; output < targets.Length; output++)
        {
            var value = store.NumberLabels[(label * Outputs) + output];
            if (double.IsNaN(value))
            {
                return false;
            }

            targets[output] = Schema.Targets[output].Standardise(value);
        }

        return true;
    }

    private void Mask(SequenceBatch batch, int at)
    {
        if (Schema.Classes.IsEmpty)
        {
            batch.Targets.Slice(at * Outputs, Outputs).Clear();
        }
        else
        {
            batch.Classes[at] = 0;
        }
    }
}
