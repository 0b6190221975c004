/// Reads the outbox's stream and publishes its events to their channels.
///
/// The story of one batch: the [com.pantherkolab.publisher.StreamPublisher] gets the records and a deadline. Each
/// record is read into an outbox entry, or parked because it cannot be (`StreamRecords`). The entries are split
/// into deliveries, event × channel, and these ride one lane for each channel (`ChannelLanes`, `Lane`). A lane
/// hands over one request after the other; what of it fails is retried, and only that, until it is delivered,
/// rejected, expired, given up because others succeeded for long enough (`Patience`), or out of time
/// (`RetryingPublisher`), through a gate that keeps all lanes from overrunning AppSync (`Gate`). One attempt is one
/// signed POST (`ChannelPublisher`, `AppSyncPublisher`), and a 200 is believed only as far as it goes
/// (`AppSyncAnswers`). What follows from it is done before anything behind it goes out (`Settlement`): what is
/// rejected or given up is parked (`ParkedEvents`), what is settled stands in the ledger of the warm instance,
/// which skips it should its record come again (`Ledger`). In the end the lowest sequence number that still has
/// something undelivered is the answer (`Checkpoint`), and the stream brings that record and all behind it again.
///
/// Three things hold throughout. A delivery is never taken for done unless AppSync said so. Of two events of one
/// aggregate on one channel, the later is not sent before the earlier is settled. And nobody waits past the
/// deadline. What does not hold is exactly once: an answer can be lost, a batch is repeated, and an event then
/// arrives twice under the same id.
///
/// Values move forward, results return; time, sleep and randomness are arguments, which
/// [com.pantherkolab.publisher.PublisherBeans] supplies.
@NullMarked
package com.pantherkolab.publisher;

import org.jspecify.annotations.NullMarked;
