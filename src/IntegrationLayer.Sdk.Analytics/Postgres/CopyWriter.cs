using IntegrationLayer.Sdk.Analytics.Storage;
using Npgsql;
using NpgsqlTypes;

namespace IntegrationLayer.Sdk.Analytics.Postgres;

/// <summary>Hands the values of rows to COPY.</summary>
internal sealed class CopyWriter(NpgsqlBinaryImporter importer) : IColumnWriter
{
    public void Integer(long value) => importer.Write(value, NpgsqlDbType.Bigint);

    public void Text(string? value)
    {
        if (value is null)
        {
            importer.WriteNull();
            return;
        }

        importer.Write(value, NpgsqlDbType.Text);
    }

    public void Real(float? value)
    {
        if (value is { } number)
        {
            importer.Write(number, NpgsqlDbType.Real);
            return;
        }

        importer.WriteNull();
    }

    public void Optional(long? value)
    {
        if (value is { } number)
        {
            Integer(number);
            return;
        }

        importer.WriteNull();
    }

    public void Class(int? value)
    {
        if (value is { } number)
        {
            importer.Write((short)number, NpgsqlDbType.Smallint);
            return;
        }

        importer.WriteNull();
    }
}
