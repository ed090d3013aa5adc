namespace IntegrationLayer.Sdk.Analytics.Storage;

/// <summary>Where the databases' languages differ. Everything else is common to them.</summary>
internal abstract class SqlDialect
{
    /// <summary>Gets the type of a whole number of 64 bits that numbers its rows itself.</summary>
    public abstract string Id { get; }

    /// <summary>Gets the type of a whole number of 64 bits.</summary>
    public abstract string Integer { get; }

    /// <summary>Gets the type of a whole number of 16 bits or more.</summary>
    public abstract string SmallInteger { get; }

    /// <summary>Gets the type of a floating-point number of 32 bits or more.</summary>
    public abstract string Real { get; }

    /// <summary>Gets the type of bytes.</summary>
    public abstract string Bytes { get; }

    /// <summary>Gets what follows the columns of a table that has no key but its own.</summary>
    public abstract string KeyedTable { get; }

    /// <summary>Gets the function that reads a moment from 100-nanosecond ticks, for people to read.</summary>
    public abstract string Moment(string ticks);

    /// <summary>Gets the value of a tag, or NULL.</summary>
    /// <param name="key">The parameter that holds the tag's key.</param>
    public abstract string Tag(string key);

    /// <summary>Gets the aggregate that makes a histogram of classes, which are NULL for what isn't counted.</summary>
    public abstract string CountClasses(string classes);

    /// <summary>Gets the aggregate that adds histograms up.</summary>
    public abstract string MergeHistograms(string histograms);

    /// <summary>Gets the statement that keeps others from changing the schema until the transaction ends.</summary>
    public abstract string? LockSchema { get; }
}
