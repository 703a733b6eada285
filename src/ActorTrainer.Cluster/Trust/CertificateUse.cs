namespace ActorTrainer.Cluster.Trust;

/// <summary>What the other side of a connection shows its certificate for.</summary>
public enum CertificateUse
{
    /// <summary>It was called and answers: its name matters.</summary>
    Server,

    /// <summary>It calls: addresses of callers are not names, only who issued its certificate matters.</summary>
    Client,
}
