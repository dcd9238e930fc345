using Parle.Api.Hosting;
using Parle.Api.Mail;

namespace Parle.Tests.Hosting;

/// <summary>Parts start side by side, so more than one of them can fail.</summary>
public sealed class AFailureOfManyParts
{
    private static readonly Exception noKey = new ServerKeyException("There is no key.");
    private static readonly Exception noMail = new SmtpSettingsException("There is no mail.");

    [Fact]
    public void IsToldWhole() => Assert.Equal(
        $"There is no key.{Environment.NewLine}There is no mail.", StartFailure.Of(new AggregateException(noKey, noMail, noKey)));

    [Fact]
    public void IsNotCutDownToWhatWasForeseen() =>
        Assert.Null(StartFailure.Of(new AggregateException(noKey, new InvalidOperationException("Nobody foresaw this."))));
}
