using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorTrainer.Cluster.Hosting;
using ActorTrainer.Cluster.Trust;

namespace ActorTrainer.Cli.Reports;

/// <summary>The certificates of a directory: whom they are for, when they end, and what is wrong with them.</summary>
/// <param name="Rows">A heading, then one for each certificate.</param>
/// <param name="Problems">Warnings and errors, a sentence each.</param>
/// <param name="IsGood">False: one of them cannot be used.</param>
internal sealed record CertificateReport(IReadOnlyList<string[]> Rows, ImmutableArray<string> Problems, bool IsGood)
{
    private const int NamesShown = 6;

    /// <exception cref="UsageException">There are no certificates.</exception>
    public static CertificateReport Of(string directory, TimeProvider clock)
    {
        var folders = new[] { directory }.Concat(Directory.Exists(directory) ? Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal) : [])
            .Where(folder => File.Exists(Path.Combine(folder, NodeTrust.CertificateFile))).ToList();
        var authority = Path.Combine(directory, NodeTrust.AuthorityFile);
        if (folders.Count == 0 && !File.Exists(authority))
        {
            throw new UsageException($"there are no certificates in {directory}: neither {NodeTrust.AuthorityFile} nor folders of nodes");
        }

        var rows = new List<string[]> { new[] { "CERTIFICATE", "FOR", "ENDS", "" } };
        var problems = ImmutableArray.CreateBuilder<string>();
        if (File.Exists(authority))
        {
            using var certificate = Read(authority);
            rows.Add(Row(authority, certificate, "its nodes", clock));
        }

        var good = true;
        foreach (var folder in folders)
        {
            var file = Path.Combine(folder, NodeTrust.CertificateFile);
            using var certificate = Read(file);
            rows.Add(Row(file, certificate, Names(certificate), clock));
            try
            {
                using var trust = NodeTrust.Load(folder, clock);
                if (trust.Warning(clock) is { } warning)
                {
                    problems.Add($"warning: {warning}");
                }
            }
            catch (NodeStartException wrong)
            {
                good = false;
                problems.Add($"error: {wrong.Message}");
            }
        }

        return new CertificateReport(rows, problems.ToImmutable(), good);
    }

    /// <summary>The last day, in UTC.</summary>
    public static string Day(X509Certificate2 certificate) => Quantity.Invariant($"{certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}");

    /// <summary>Those the certificate bears; of many the first few and their number.</summary>
    public static string Names(X509Certificate2 certificate)
    {
        var names = CertificateNames.Of(certificate).ToList();
        return names.Count <= NamesShown ? string.Join(", ", names) : $"{string.Join(", ", names.Take(NamesShown - 1))} and {names.Count - NamesShown + 1} more";
    }

    private static X509Certificate2 Read(string path)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(path);
        }
        catch (CryptographicException failure)
        {
            throw new FailureException($"{path} holds no certificate: {failure.Message}", failure);
        }
    }

    private static string[] Row(string path, X509Certificate2 certificate, string names, TimeProvider clock)
    {
        var days = (int)Math.Floor((certificate.NotAfter.ToUniversalTime() - clock.GetUtcNow()).TotalDays);
        return [path, names, Day(certificate), days < 0 ? "ended" : $"in {Quantity.Of(days, "day")}"];
    }
}
