package com.pantherkolab.publisher;

import com.pantherkolab.common.OutboxEntry;

/// What was settled already although its record comes again: deliveries that are out, expired, parked, or ephemeral
/// and have had their one attempt.
///
/// It saves repeats, and nothing is right or wrong by it: whoever finds nothing in it delivers again under the same
/// event id. It is called from many threads.
interface Ledger {
    /// Remembers nothing. A replay has this one: what it delivers was perhaps delivered, and is wanted again.
    Ledger NONE = new Ledger() {
        @Override
        public void note(Delivery delivery) {}

        @Override
        public boolean holds(Delivery delivery) {
            return false;
        }

        @Override
        public void forget(OutboxEntry entry) {}
    };

    /// The delivery is settled.
    void note(Delivery delivery);

    /// Whether the delivery was settled before.
    boolean holds(Delivery delivery);

    /// The checkpoint has passed the entry: it will not come again.
    void forget(OutboxEntry entry);
}
