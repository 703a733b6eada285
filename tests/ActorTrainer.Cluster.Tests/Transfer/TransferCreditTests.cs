using ActorTrainer.Cluster.Transfer;

namespace ActorTrainer.Cluster.Tests.Transfer;

public sealed class TransferCreditTests
{
    private readonly TransferCredit _credit = new(100);

    [Fact]
    public void What_fits_goes_at_once()
    {
        Assert.True(_credit.TakeAsync(60, default).IsCompletedSuccessfully);
        Assert.True(_credit.TakeAsync(40, default).IsCompletedSuccessfully);
        Assert.Equal(100, _credit.Used);
    }

    [Fact]
    public async Task What_does_not_waits_in_its_order_even_if_a_smaller_one_behind_it_would_fit()
    {
        await _credit.TakeAsync(60, default);
        var large = _credit.TakeAsync(50, default).AsTask();
        var small = _credit.TakeAsync(10, default).AsTask();
        Assert.False(large.IsCompleted);
        Assert.False(small.IsCompleted);

        _credit.GiveBack(60);

        await Task.WhenAll(large, small);
        Assert.Equal(60, _credit.Used);
    }

    [Fact]
    public async Task What_is_larger_than_all_goes_alone()
    {
        await _credit.TakeAsync(1, default);
        var huge = _credit.TakeAsync(1000, default).AsTask();
        Assert.False(huge.IsCompleted);

        _credit.GiveBack(1);
        await huge;

        Assert.False(_credit.TakeAsync(0, default).IsCompleted);
    }

    [Fact]
    public async Task Who_gives_up_is_passed_over_and_costs_nothing()
    {
        await _credit.TakeAsync(100, default);
        using var cancel = new CancellationTokenSource();
        var given = _credit.TakeAsync(50, cancel.Token).AsTask();
        var next = _credit.TakeAsync(70, default).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        _credit.GiveBack(100);

        await next;
        Assert.Equal(70, _credit.Used);
    }
}
