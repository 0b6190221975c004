package com.pantherkolab.local.history;

/// Something that the contract rules out, and that a history shows.
///
/// @param kind what of the contract is broken
/// @param where the event, the channel, the aggregate
public record Violation(Kind kind, String where) {

    /// What can be broken.
    public enum Kind {
        /// Committed, and neither published nor expired nor listed.
        LOST,
        /// Published, and never committed.
        PHANTOM,
        /// Published under the id of a change, and tells something else than it.
        FORGED,
        /// Published on a channel that its change does not name.
        WRONG_RECIPIENT,
        /// First delivered on a channel after a later event of its aggregate.
        OUT_OF_ORDER,
        /// One change under two event ids: a client cannot tell the second from another change.
        TWO_IDS,
        /// A call that is over twice, or not for each of its participants.
        TWO_OUTCOMES,
        /// An event of a call behind its end.
        AFTER_THE_END,
        /// A conversation's messages are not 1, 2, 3 …
        SEQUENCE_GAP,
        /// A call's versions are not 1, 2, 3 …
        VERSION_GAP,
        /// Sent at or after its expiry, by the publisher's own clock.
        SENT_EXPIRED,
        /// A join token on another channel than its owner's.
        FOREIGN_TOKEN,
        /// Answered with success, and never committed.
        ACKNOWLEDGED_LOST
    }

    @Override
    public String toString() {
        return kind + " " + where;
    }
}
