using IntegrationLayer.Sdk.Testing;

namespace Sample08.TwoCaches;

/// <summary>What people ask, and what the scripted model answers.</summary>
internal static class HelpDesk
{
    private static readonly (string Topic, string Answer, string[] Questions)[] Topics =
    [
        ("password", "Choose 'Forgotten password' on the sign-in page.", ["How do I reset my password?", "I forgot my password, how can I reset it?", "What do I do to reset a forgotten password?"]),
        ("invoice", "Invoices are under Account, Billing.", ["Where do I find my invoice?", "Where can I download the invoice of last month?", "How do I get an invoice for my order?"]),
        ("return", "Goods can be sent back within 30 days.", ["How do I return an order?", "Can I return an order that I opened?", "What is the way to return my order?"]),
        ("delivery", "Delivery takes two working days.", ["How long does delivery take?", "When will my delivery arrive?", "How many days does the delivery take?"]),
        ("address", "Change it under Account, Addresses.", ["How do I change my address?", "Can I change the address of my account?", "Where do I change my delivery address?"]),
        ("refund", "Refunds arrive within five days.", ["When do I get my refund?", "How long does a refund take?", "My refund has not arrived, when will it?"]),
        ("cancel 2", "Two items: choose Cancel beside each.", ["Can I cancel 2 items of my order?"]),
        ("cancel 3", "Three items or more: please call us.", ["Can I cancel 3 items of my order?"]),
    ];

    private static readonly Func<string, string>[] Slips =
    [
        static q => q, static q => q, static q => q, static q => $"Hi, {char.ToLowerInvariant(q[0])}{q[1..]}", static q => $"{q} Thanks!",
        static q => q.ToLowerInvariant(), static q => q.TrimEnd('?'), static q => q.Replace("order", "oredr", StringComparison.Ordinal),
    ];

    /// <summary>A day's questions, the same every day; some topics are asked about more often than others.</summary>
    public static IEnumerable<string> Day(int requests)
    {
        var random = new Random(3);
        for (int i = 0; i < requests; i++)
        {
            string[] questions = Topics[Math.Min(random.Next(Topics.Length), random.Next(Topics.Length))].Questions;
            yield return Slips[random.Next(Slips.Length)](questions[random.Next(questions.Length)]);
        }
    }

    /// <summary>A model that takes a moment and answers by topic.</summary>
    public static FakePortkey Script()
    {
        var script = new FakePortkey(TimeProvider.System);
        script.OnChat().Reply(request => AnswerTo(request.Prompt)).After(TimeSpan.FromMilliseconds(30));
        return script;
    }

    private static string AnswerTo(string question)
    {
        foreach ((string topic, string answer, _) in Topics)
        {
            if (Array.TrueForAll(topic.Split(' '), word => question.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                return answer;
            }
        }

        return "Please call us.";
    }
}
