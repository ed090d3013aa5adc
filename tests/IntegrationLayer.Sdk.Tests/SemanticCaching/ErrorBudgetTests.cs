using IntegrationLayer.Sdk.SemanticCaching;

namespace IntegrationLayer.Sdk.Tests.SemanticCaching;

public sealed class ErrorBudgetTests
{
    [Test]
    public void First_limit_is_small() => Assert.That(new ErrorBudget(0.01, 0.5).Limit, Is.EqualTo(0.05));

    [Test]
    public void Limit_is_never_over_the_largest_risk()
    {
        var budget = new ErrorBudget(0.01, 0.02);
        for (int i = 0; i < 1_000; i++)
        {
            budget.Count(i % 100 == 0 ? 0.3 : 0);
        }

        Assert.That(budget.Limit, Is.LessThanOrEqualTo(0.02));
    }

    [Test]
    public void Exact_answers_make_room_for_risks()
    {
        var budget = new ErrorBudget(0.01, 0.5);
        for (int i = 0; i < 1_000; i++)
        {
            if (i % 100 == 0)
            {
                budget.Count(0.4);
            }
            else
            {
                budget.CountExact();
            }
        }

        Assert.That(budget.Limit, Is.EqualTo(0.4), "ten risks of 0.4 are 4 in a thousand");
    }

    [Test]
    public void Many_risks_leave_little_room_for_each()
    {
        var budget = new ErrorBudget(0.01, 0.5);
        for (int i = 0; i < 1_000; i++)
        {
            budget.Count((i % 100) / 100.0);
            budget.CountNone();
        }

        Assert.That(budget.Limit, Is.LessThan(0.05));
    }

    [Test]
    public void Strangers_leave_less_room_for_each()
    {
        ErrorBudget few = Among(0);
        ErrorBudget many = Among(2);

        Assert.That(many.Limit, Is.LessThan(few.Limit).And.GreaterThan(0.005));

        static ErrorBudget Among(int strangers)
        {
            var budget = new ErrorBudget(0.01, 0.5);
            for (int i = 0; i < 3_000; i++)
            {
                budget.Count(i % 10 < 7 ? 0 : i % 100 / 1_000.0);
                for (int j = 0; j < strangers; j++)
                {
                    budget.CountNone();
                }
            }

            return budget;
        }
    }

    [Test]
    public void Tightness_lowers_the_limit()
    {
        ErrorBudget loose = Fill(1);
        ErrorBudget tight = Fill(0.25);

        Assert.That(tight.Limit, Is.LessThan(loose.Limit));
    }

    private static ErrorBudget Fill(double tightness)
    {
        var budget = new ErrorBudget(0.01, 0.5) { Tightness = tightness };
        for (int i = 0; i < 1_000; i++)
        {
            budget.Count(i % 100 / 1_000.0);
        }

        return budget;
    }
}
