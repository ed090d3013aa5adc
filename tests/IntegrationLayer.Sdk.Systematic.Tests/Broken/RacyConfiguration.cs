namespace IntegrationLayer.Sdk.Systematic.Tests.Broken;

/// <summary>A configuration with a well-known mistake: its parts are replaced and read one by one, each under the lock.</summary>
internal sealed class RacyConfiguration
{
    private readonly object _gate = new();
    private string _name = "one";
    private int _price = 1;

    public void Change(string name, int price)
    {
        lock (_gate)
        {
            _name = name;
        }

        lock (_gate)
        {
            _price = price;
        }
    }

    public (string Name, int Price) Read()
    {
        string name;
        lock (_gate)
        {
            name = _name;
        }

        lock (_gate)
        {
            return (name, _price);
        }
    }
}
