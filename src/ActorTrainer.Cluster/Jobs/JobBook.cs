using System.Collections.Immutable;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;
using static ActorTrainer.Cluster.Jobs.RegistryProtocol;

namespace ActorTrainer.Cluster.Jobs;

/// <summary>The registry's memory: the fold of its facts, and each job's latest view.</summary>
internal sealed class JobBook
{
    /// <summary>Jobs that are known, with their request ids; of more, the oldest that have ended are forgotten.</summary>
    public const int MaximumJobs = 10_000;

    private const int DefaultPageSize = 100;

    /// <summary>A page is a message, which has at most 64 KB (P13).</summary>
    private const int MaximumPageCharacters = 48 << 10;

    private readonly List<Entry> _entries = [];
    private readonly Dictionary<JobId, Entry> _jobs = [];
    private readonly Dictionary<string, Entry> _requests = new(StringComparer.Ordinal);

    /// <summary>Jobs that have not ended, oldest first.</summary>
    public IEnumerable<Entry> Live => _entries.Where(entry => !entry.HasEnded);

    /// <summary>Whether nothing could be forgotten for one more.</summary>
    public bool IsFull => _entries.Count >= MaximumJobs && _entries.All(entry => !entry.HasEnded);

    /// <summary>Whether a text is [a-z][a-z0-9-]{0,61}.</summary>
    public static bool IsJobId(string text) =>
        text.Length is >= 1 and <= 62
        && char.IsAsciiLetterLower(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    public Entry? Find(JobId job) => _jobs.GetValueOrDefault(job);

    public Entry? FindRequest(string requestId) => _requests.GetValueOrDefault(requestId);

    public void Add(RegistryFact fact)
    {
        switch (fact)
        {
            case RegistryFact.JobRegistered registered:
                var entry = new Entry(registered.RequestId, registered.Submitted);
                _entries.Add(entry);
                _jobs[registered.Submitted.Job] = entry;
                _requests[registered.RequestId] = entry;
                ForgetIfTooMany();
                break;
            case RegistryFact.JobEnded ended when Find(ended.View.Job) is { } known:
                known.View = ended.View;
                known.HasEnded = true;
                break;
        }
    }

    /// <summary>All of it that lasts.</summary>
    public RegistrySnapshot ToSnapshot() =>
        new([.. _entries.Select(entry => new RegistrySnapshot.Job(entry.RequestId, entry.Submitted, entry.HasEnded ? entry.View : null))]);

    /// <summary>Begins with what a snapshot holds.</summary>
    public void Restore(RegistrySnapshot snapshot)
    {
        foreach (var job in snapshot.Jobs)
        {
            Add(new RegistryFact.JobRegistered(job.RequestId, job.Submitted));
            if (job.Ended is not null)
            {
                Add(new RegistryFact.JobEnded(job.Ended));
            }
        }
    }

    public void Update(JobView view)
    {
        if (Find(view.Job) is { HasEnded: false } entry)
        {
            entry.View = view;
        }
    }

    /// <summary>Says of a job that lives why nothing better is known of it.</summary>
    public void Remark(JobId job, string reason)
    {
        if (Find(job) is { HasEnded: false } entry)
        {
            entry.View = entry.View with { Reason = reason };
        }
    }

    public JobPage Page(ListJobs list)
    {
        var size = list.PageSize <= 0 ? DefaultPageSize : list.PageSize;
        var last = list.After is { } after && Find(after) is { } known ? _entries.IndexOf(known) : _entries.Count;
        var jobs = ImmutableArray.CreateBuilder<JobView>();
        var characters = 0;
        while (last > 0 && jobs.Count < size)
        {
            characters += _entries[last - 1].Characters;
            if (jobs.Count > 0 && characters > MaximumPageCharacters)
            {
                break;
            }

            jobs.Add(_entries[--last].View);
        }

        return new JobPage(jobs.ToImmutable(), last > 0 && jobs.Count > 0 ? jobs[^1].Job : null);
    }

    private void ForgetIfTooMany()
    {
        if (_entries.Count <= MaximumJobs || _entries.Find(entry => entry.HasEnded) is not { } oldest)
        {
            return;
        }

        _entries.Remove(oldest);
        _jobs.Remove(oldest.Submitted.Job);
        _requests.Remove(oldest.RequestId);
    }

    /// <summary>A job as the registry knows it.</summary>
    internal sealed class Entry(string requestId, JobFact.Submitted submitted)
    {
        private int? _characters;

        public string RequestId { get; } = requestId;

        public JobFact.Submitted Submitted { get; } = submitted;

        public bool HasEnded { get; set; }

        /// <summary>As it was last told.</summary>
        public JobView View { get; set; } = new(
            submitted.Job,
            submitted.Spec,
            submitted.RecipeSha256,
            submitted.ArithmeticVersion,
            JobState.Queued,
            "",
            submitted.At,
            0,
            0,
            null,
            null,
            null,
            null,
            null,
            submitted.Shape.Parameters,
            submitted.Shape.Steps);

        /// <summary>About how long its view is in a message.</summary>
        public int Characters => _characters ??= 512 + RecipeJson.Write(Submitted.Spec.Recipe).Length
            + Submitted.Spec.Placement.Labels.Sum(label => 8 + label.Key.Length + label.Value.Length) + Submitted.Spec.Placement.Name.Length;
    }
}
