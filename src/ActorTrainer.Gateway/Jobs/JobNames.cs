using System.Collections.Immutable;
using System.Text;
using ActorTrainer.Gateway.Errors;
using ActorTrainer.Training.Protocol;
using ActorTrainer.Training.Recipes;

namespace ActorTrainer.Gateway.Jobs;

/// <summary>The names in a request: ids of jobs and requests, and the tokens of pages.</summary>
internal static class JobNames
{
    private const int MaxJobId = 62;
    private const int MaxRequestId = 64;
    private const string JobIdAllowed = "[a-z][a-z0-9-]{0,61}: a lower-case letter, then letters, digits and hyphens, at most 62 characters";

    public static bool IsJobId(string text) =>
        text.Length is > 0 and <= MaxJobId
        && text[0] is >= 'a' and <= 'z'
        && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    public static bool IsRequestId(string text) =>
        text.Length is > 0 and <= MaxRequestId && text.All(c => c is > ' ' and <= '~');

    /// <summary>The id of a job that must be named.</summary>
    public static JobId Require(string jobId) =>
        IsJobId(jobId) ? new JobId(jobId) : throw ApiError.InvalidArgument("job_id", Quoted(jobId), JobIdAllowed);

    /// <summary>Notes what is wrong with the ids of a submission; a job id may be left out.</summary>
    public static void Check(string requestId, string jobId, FieldProblems problems)
    {
        if (!IsRequestId(requestId))
        {
            problems.Add("request_id", Quoted(requestId), "1 to 64 printable ASCII characters without blanks, such as a UUID");
        }

        if (jobId.Length > 0)
        {
            CheckJobId(jobId, problems);
        }
    }

    /// <summary>Notes a job id that cannot be one.</summary>
    public static void CheckJobId(string jobId, FieldProblems problems)
    {
        if (!IsJobId(jobId))
        {
            problems.Add("job_id", Quoted(jobId), JobIdAllowed);
        }
    }

    /// <summary>Violations in a job, as fields of the request that carries it as <c>spec</c>.</summary>
    public static ImmutableArray<FieldViolation> InRequest(ImmutableArray<FieldViolation> inJob) =>
        [.. inJob.Select(violation => violation with { Field = "spec." + violation.Field })];

    /// <summary>Where the next page starts, as text that a client passes back and does not read.</summary>
    public static string PageToken(JobId last) => Convert.ToBase64String(Encoding.ASCII.GetBytes("after:" + last.Value));

    public static JobId? ReadPageToken(string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        var bytes = new byte[128];
        if (token.Length <= bytes.Length
            && Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.ASCII.GetString(bytes, 0, length) is var text
            && text.StartsWith("after:", StringComparison.Ordinal)
            && IsJobId(text["after:".Length..]))
        {
            return new JobId(text["after:".Length..]);
        }

        throw ApiError.InvalidArgument("page_token", Quoted(token), "next_page_token of an earlier answer, unchanged");
    }

    public static string Quoted(string text) => text.Length == 0 ? "nothing" : $"\"{text}\"";
}
