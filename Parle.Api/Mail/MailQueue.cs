using System.Threading.Channels;
using Parle.Domain.Names;

namespace Parle.Api.Mail;

/// <summary>A bounded queue of mails of one kind.</summary>
public sealed class MailQueue
{
    /// <summary>Most mails that wait.</summary>
    public const int Capacity = 256;

    private readonly Channel<MailMessage> messages = Channel.CreateUnbounded<MailMessage>(); // Bounded by the places.
    private int places = Capacity;

    /// <summary>Reserves a place for a mail that is not written yet; null when the queue is full.</summary>
    public Place? Reserve()
    {
        if (Interlocked.Decrement(ref places) >= 0)
        {
            return new(this);
        }

        Interlocked.Increment(ref places);
        return null;
    }

    /// <summary>Queues a mail, without waiting until it is sent; false when the queue is full.</summary>
    /// <param name="to">The mailbox.</param>
    /// <param name="subject">One line.</param>
    /// <param name="text">Plain text.</param>
    public bool Send(EmailAddress to, string subject, string text)
    {
        using var place = Reserve();
        return place?.Send(to, subject, text) ?? false;
    }

    /// <summary>Dequeues the mails one by one, until the queue is closed and empty.</summary>
    internal async IAsyncEnumerable<MailMessage> TakeAll()
    {
        await foreach (var message in messages.Reader.ReadAllAsync())
        {
            Interlocked.Increment(ref places);
            yield return message;
        }
    }

    /// <summary>Closes the queue for new mail.</summary>
    internal void Close() => messages.Writer.TryComplete();

    /// <summary>A place for one mail. An unused place is free again when it is disposed.</summary>
    public sealed class Place : IDisposable
    {
        private readonly MailQueue queue;
        private bool isOver;

        internal Place(MailQueue queue) => this.queue = queue;

        /// <summary>Queues the mail at this place; false when the service stops.</summary>
        /// <param name="to">The mailbox.</param>
        /// <param name="subject">One line.</param>
        /// <param name="text">Plain text.</param>
        public bool Send(EmailAddress to, string subject, string text) =>
            isOver = !isOver && queue.messages.Writer.TryWrite(new(to, subject, text));

        /// <inheritdoc/>
        public void Dispose()
        {
            if (!isOver)
            {
                isOver = true;
                Interlocked.Increment(ref queue.places);
            }
        }
    }
}
