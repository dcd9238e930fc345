using System.Threading.Channels;
using Parle.Domain.Names;

namespace Parle.Api.Mail;

/// <summary>Mails of one sort that wait to be sent, in bounded number.</summary>
public sealed class Tray
{
    /// <summary>Most mails that wait.</summary>
    public const int Capacity = 256;

    private readonly Channel<Letter> letters = Channel.CreateUnbounded<Letter>(); // Places bound it.
    private int places = Capacity;

    /// <summary>Keeps a place for a mail that is yet to be written; null when too many wait.</summary>
    public Place? Reserve()
    {
        if (Interlocked.Decrement(ref places) >= 0)
        {
            return new(this);
        }

        Interlocked.Increment(ref places);
        return null;
    }

    /// <summary>Puts a mail among those to be sent, and does not wait for that; false when too many wait.</summary>
    /// <param name="to">Whose mailbox.</param>
    /// <param name="subject">One line.</param>
    /// <param name="text">Plain text.</param>
    public bool Send(EmailAddress to, string subject, string text)
    {
        using var place = Reserve();
        return place?.Send(to, subject, text) ?? false;
    }

    /// <summary>Takes them out one by one, until it is closed and empty.</summary>
    internal async IAsyncEnumerable<Letter> TakeAll()
    {
        await foreach (var letter in letters.Reader.ReadAllAsync())
        {
            Interlocked.Increment(ref places);
            yield return letter;
        }
    }

    /// <summary>Takes no more mail.</summary>
    internal void Close() => letters.Writer.TryComplete();

    /// <summary>A place for one mail. It is free again when it was not used.</summary>
    public sealed class Place : IDisposable
    {
        private readonly Tray tray;
        private bool isOver;

        internal Place(Tray tray) => this.tray = tray;

        /// <summary>Puts the mail there; false when the service stops.</summary>
        /// <param name="to">Whose mailbox.</param>
        /// <param name="subject">One line.</param>
        /// <param name="text">Plain text.</param>
        public bool Send(EmailAddress to, string subject, string text) =>
            isOver = !isOver && tray.letters.Writer.TryWrite(new(to, subject, text));

        /// <inheritdoc/>
        public void Dispose()
        {
            if (!isOver)
            {
                isOver = true;
                Interlocked.Increment(ref tray.places);
            }
        }
    }
}
