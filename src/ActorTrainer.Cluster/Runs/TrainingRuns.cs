using ActorTrainer.Cluster.Storage;
using ActorTrainer.Training;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Cluster.Runs;

/// <summary>
/// A recipe's data is opened once in a process, whoever needs it: the registry that looks at it, the
/// job's shards, its workers. It goes when nobody holds it any more.
/// </summary>
/// <param name="peers">Bring what this node has not; null in a process that is alone.</param>
internal sealed class TrainingRuns(BlobStore blobs, BlobPeers? peers = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<TrainingRun>> _opening = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WeakReference<TrainingRun>> _open = new(StringComparer.Ordinal);

    /// <summary>
    /// Opens the recipe's data on a thread of its own, fetched from other nodes where it is not here. The task fails with what says, to a person, why
    /// the recipe cannot be run here.
    /// </summary>
    public Task<TrainingRun> OpenAsync(Recipe recipe)
    {
        var key = RecipeIdentity.Sha256(recipe);
        lock (_lock)
        {
            if (_open.TryGetValue(key, out var weak) && weak.TryGetTarget(out var run))
            {
                return Task.FromResult(run);
            }

            if (!_opening.TryGetValue(key, out var opening))
            {
                opening = Task.Factory.StartNew(
                    () => Open(key, recipe), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                _opening.Add(key, opening);
            }

            return opening;
        }
    }

    private TrainingRun Open(string key, Recipe recipe)
    {
        try
        {
            // The thread is this recipe's own: it may wait.
            peers?.RequireAsync([.. recipe.Data.Files.Select(file => file.Sha256)], CancellationToken.None).GetAwaiter().GetResult();

            var run = new TrainingRun(recipe, TrainingRun.OpenData(recipe, blobs.Open));
            lock (_lock)
            {
                _open[key] = new WeakReference<TrainingRun>(run);
                foreach (var dead in _open.Where(entry => !entry.Value.TryGetTarget(out _)).Select(entry => entry.Key).ToList())
                {
                    _open.Remove(dead);
                }
            }

            return run;
        }
        finally
        {
            lock (_lock)
            {
                _opening.Remove(key);
            }
        }
    }
}
