using ActorTrainer.Numerics.Randomness;

namespace ActorTrainer.Numerics.Networks;

/// <summary>The definition of dropout's bits (B9), forward and backward alike.</summary>
/// <remarks>
/// Unit u of row r at step t is kept iff Unit(step, global row, t, u) &lt; (float)keep, of the stream (seed,
/// Dropout, layer); then v · (float)(1 / keep), else +0. A layer computed once per row has the t of its row's
/// last valid step.
/// </remarks>
internal sealed class ScalarDropout(double keep, int layer, bool isAtLastStep)
{
    private readonly float _keep = (float)keep;
    private readonly float _scale = (float)(1 / keep);

    /// <param name="values">[time × rows × units]; time is 1 at the last step.</param>
    public float[] Apply(float[] values, SequenceBatch batch)
    {
        var stream = new RandomStream(batch.Seed, RandomPurpose.Dropout, layer);
        var items = isAtLastStep ? batch.Rows : batch.Time * batch.Rows;
        var result = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var units = values.Length / items;
            var (item, unit) = (i / units, i % units);
            var row = item % batch.Rows;
            var position = isAtLastStep ? batch.Lengths[row] - 1 : item / batch.Rows;
            var kept = stream.Unit(batch.Step, batch.GlobalRows[row], position, unit) < _keep;
            result[i] = kept ? values[i] * _scale : 0f;
        }

        return result;
    }
}
