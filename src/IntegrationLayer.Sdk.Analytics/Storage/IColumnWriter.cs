namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Takes the values of a row, one after the other.</summary>
internal interface IColumnWriter
{
    void Integer(long value);

    void Text(string? value);

    void Real(float? value);

    /// <summary>Takes a whole number, or none.</summary>
    void Optional(long? value);

    /// <summary>Takes the class of a histogram, or none.</summary>
    void Class(int? value);
}
