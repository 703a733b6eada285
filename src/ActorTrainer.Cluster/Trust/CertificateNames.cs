using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace ActorTrainer.Cluster.Trust;

/// <summary>What a node is called: by its administrator, and by the nodes and clients that connect to it.</summary>
/// <param name="Node">Names the folder of its certificate.</param>
/// <param name="Hosts">DNS names it is called by.</param>
/// <param name="Addresses">IP addresses it is called by.</param>
public sealed record CertificateNames(string Node, ImmutableArray<string> Hosts, ImmutableArray<IPAddress> Addresses)
{
    /// <summary>Of one certificate, which every handshake sends.</summary>
    public const int MaximumNames = 1_024;

    private const int MaximumCharacters = 63;

    /// <summary>
    /// Reads NAME[,HOST or ADDRESS or NETWORK …], e.g. server-1,server-1.example.org,10.0.0.4 or worker,172.28.0.0/24:
    /// the name is a DNS name or an address of the node too, and a network stands for each of its addresses, for
    /// nodes that are many and alike.
    /// </summary>
    /// <exception cref="FormatException">Something in it is none of these; the message says what.</exception>
    public static CertificateNames Parse(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var name = parts[0];
        if (name.Length is 0 or > MaximumCharacters || !char.IsAsciiLetterOrDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
        {
            throw new FormatException(
                $"the node is named '{name}'; a name has 1 to {MaximumCharacters} characters of a-z, 0-9, - and ., and begins with a letter or digit");
        }

        var (hosts, addresses) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<IPAddress>());
        foreach (var part in parts.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPNetwork.TryParse(part, out var network))
            {
                addresses.AddRange(AddressesOf(network, part));
            }
            else if (IPAddress.TryParse(part, out var address))
            {
                addresses.Add(address);
            }
            else if (Uri.CheckHostName(part) == UriHostNameType.Dns)
            {
                hosts.Add(part);
            }
            else
            {
                throw new FormatException($"'{part}' of node {name} is neither a DNS name nor an IP address nor a network such as 172.28.0.0/24");
            }
        }

        return hosts.Count + addresses.Count <= MaximumNames
            ? new CertificateNames(name, hosts.ToImmutable(), addresses.ToImmutable())
            : throw new FormatException($"node {name} has {hosts.Count + addresses.Count} names; a certificate may have {MaximumNames}");
    }

    /// <summary>The names that a certificate bears, as text.</summary>
    public static IEnumerable<string> Of(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())));

    /// <summary>True if the certificate bears every one of the names.</summary>
    public bool AllIn(X509Certificate2 certificate) =>
        Hosts.Concat(Addresses.Select(address => address.ToString()))
            .All(name => certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false));

    internal X509Extension ToExtension()
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var host in Hosts)
        {
            builder.AddDnsName(host);
        }

        foreach (var address in Addresses)
        {
            builder.AddIpAddress(address);
        }

        return builder.Build();
    }

    private static IEnumerable<IPAddress> AddressesOf(IPNetwork network, string text)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        var freeBits = (bytes.Length * 8) - network.PrefixLength;
        if (1L << Math.Min(freeBits, 62) is var count && count > MaximumNames)
        {
            throw new FormatException($"the network {text} has more than {MaximumNames} addresses; a certificate may name {MaximumNames}");
        }

        for (var i = 0; i < count; i++)
        {
            var address = (byte[])bytes.Clone();
            address[^1] |= (byte)i;
            address[^2] |= (byte)(i >> 8);
            yield return new IPAddress(address);
        }
    }
}
