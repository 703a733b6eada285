using Npgsql;

namespace ActorTrainer.Cluster.Storage;

/// <summary>The tables of Akka.Persistence.Sql in PostgreSQL, and one row that says which database this is.</summary>
/// <remarks>
/// The plugins would make them, but servers that start together on an empty database would then race, and one
/// would fail. As here, ids are compared by their bytes whatever the database's language, so that those of a job
/// are a range of the index, and nobody tries to compress weights, which are as good as random.
/// </remarks>
internal static class PostgreSqlTables
{
    /// <summary>Held while tables are made; any number would do that nobody else uses.</summary>
    private const long Lock = 0x4163746f72547201;

    private const string Statements = """
        CREATE TABLE IF NOT EXISTS journal (
          ordering bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT "PK_journal" PRIMARY KEY,
          created bigint NOT NULL,
          deleted boolean NOT NULL,
          persistence_id text COLLATE "C" NOT NULL,
          sequence_number bigint NOT NULL,
          message bytea NOT NULL,
          manifest text,
          identifier integer,
          writer_uuid text,
          CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number)
        );
        CREATE TABLE IF NOT EXISTS tags (
          ordering_id bigint NOT NULL,
          tag text NOT NULL,
          sequence_nr bigint NOT NULL,
          persistence_id text COLLATE "C" NOT NULL,
          CONSTRAINT "PK_tags" PRIMARY KEY (ordering_id, tag)
        );
        CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr);
        CREATE TABLE IF NOT EXISTS snapshot (
          persistence_id text COLLATE "C" NOT NULL,
          sequence_number bigint NOT NULL,
          created bigint NOT NULL,
          snapshot bytea,
          manifest text,
          serializer_id integer,
          CONSTRAINT "PK_snapshot" PRIMARY KEY (persistence_id, sequence_number)
        );
        ALTER TABLE snapshot ALTER COLUMN snapshot SET STORAGE EXTERNAL;
        CREATE TABLE IF NOT EXISTS database_identity (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), id uuid NOT NULL DEFAULT gen_random_uuid());
        INSERT INTO database_identity DEFAULT VALUES ON CONFLICT DO NOTHING;
        """;

    /// <summary>Makes what is missing.</summary>
    /// <returns>The same for everybody who uses this database, and for nobody else.</returns>
    public static Guid Ensure(NpgsqlConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        using var one = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({Lock})", connection, transaction);
        one.ExecuteNonQuery();
        using var make = new NpgsqlCommand(Statements, connection, transaction);
        make.ExecuteNonQuery();
        using var read = new NpgsqlCommand("SELECT id FROM database_identity", connection, transaction);
        var id = (Guid)read.ExecuteScalar()!;
        transaction.Commit();
        return id;
    }
}
