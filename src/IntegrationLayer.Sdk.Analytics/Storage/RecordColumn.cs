namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>A column of the table of records.</summary>
internal sealed record RecordColumn(string Name, RecordColumnType Type, bool IsRequired)
{
    public string Definition(SqlDialect dialect)
    {
        string type = Type switch
        {
            RecordColumnType.Text => "TEXT",
            RecordColumnType.Real => dialect.Real,
            RecordColumnType.Class => dialect.SmallInteger,
            _ => dialect.Integer,
        };
        return $"{Name} {type}{(IsRequired ? " NOT NULL" : "")}";
    }
}
