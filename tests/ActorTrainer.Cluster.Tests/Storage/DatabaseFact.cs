using System.ComponentModel;
using ActorTrainer.Tests.Shared;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace ActorTrainer.Cluster.Tests.Storage;

/// <summary>Where the specs of a class store.</summary>
public enum DatabaseKind
{
    Sqlite,

    /// <summary>Its specs are skipped, and say why, where none can be started.</summary>
    PostgreSql,
}

/// <summary>
/// A fact that holds on every kind of database: the class has one subclass for each, and the one for PostgreSQL
/// has it in its name.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("ActorTrainer.Cluster.Tests.Storage.DatabaseFactDiscoverer", "ActorTrainer.Cluster.Tests")]
public sealed class DatabaseFactAttribute : FactAttribute;

/// <summary>Finds what <see cref="DatabaseFactAttribute"/> marks.</summary>
public sealed class DatabaseFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new DatabaseTestCase(diagnostics, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), testMethod)];
}

/// <summary>A spec on one kind of database.</summary>
public sealed class DatabaseTestCase : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For xunit, which makes it of what it wrote down")]
    public DatabaseTestCase()
    {
    }

    public DatabaseTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        base.GetSkipReason(factAttribute)
        ?? (TestMethod.TestClass.Class.Name.Contains(nameof(DatabaseKind.PostgreSql), StringComparison.Ordinal) ? PostgreSqlServer.Missing : null)!;
}
