using System.Text;
using IntegrationLayer.Sdk.Analytics.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace IntegrationLayer.Sdk.Analytics.Sqlite;

/// <summary>A prepared statement that is run for one row after the other, with nothing boxed or copied on the way.</summary>
internal sealed class SqliteStatement : IColumnWriter, IDisposable
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _statement;
    private byte[] _utf8 = new byte[1024];
    private int _index;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _db = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_db, sql, out _statement));
    }

    public void Integer(long value) => Check(raw.sqlite3_bind_int64(_statement, ++_index, value));

    public void Text(string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(_statement, ++_index));
            return;
        }

        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_utf8.Length < most)
        {
            _utf8 = new byte[most];
        }

        int length = Encoding.UTF8.GetBytes(value, _utf8);
        Check(raw.sqlite3_bind_text(_statement, ++_index, _utf8.AsSpan(0, length)));
    }

    public void Real(float? value) => Check(value is { } number ? raw.sqlite3_bind_double(_statement, ++_index, number) : raw.sqlite3_bind_null(_statement, ++_index));

    public void Optional(long? value) => Check(value is { } number ? raw.sqlite3_bind_int64(_statement, ++_index, number) : raw.sqlite3_bind_null(_statement, ++_index));

    public void Class(int? value) => Optional(value);

    public void Blob(byte[] value) => Check(raw.sqlite3_bind_blob(_statement, ++_index, value));

    /// <summary>Runs the statement with the values given since the last time.</summary>
    public void Run()
    {
        int result = raw.sqlite3_step(_statement);
        Reset();
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            Check(result);
        }
    }

    /// <summary>Runs the statement and gets the first row's number; <see langword="null"/> if there is no row.</summary>
    public long? Find()
    {
        int result = raw.sqlite3_step(_statement);
        long? found = result == raw.SQLITE_ROW ? raw.sqlite3_column_int64(_statement, 0) : null;
        Reset();
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            Check(result);
        }

        return found;
    }

    /// <summary>Forgets the values given since the last time.</summary>
    public void Reset()
    {
        raw.sqlite3_reset(_statement);
        _index = 0;
    }

    public void Dispose() => _statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _db);
}
