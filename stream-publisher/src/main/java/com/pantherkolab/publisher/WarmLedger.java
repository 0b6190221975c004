package com.pantherkolab.publisher;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.OutboxEntry;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The ledger of an instance that stays warm from one invocation to the next: in memory, and lost with it.
///
/// It knows deliveries by event and channel, not by their place in the stream, because one instance may be given
/// batches of several shards. It holds [#MOST] deliveries; what is beyond pushes out the oldest entries.
final class WarmLedger implements Ledger {
    /// A batch of 100 entries for 90 recipients each is 9,000.
    static final int MOST = 50_000;

    private record Key(Aggregate aggregate, String eventId) {
        static Key of(OutboxEntry entry) {
            return new Key(entry.aggregate(), entry.eventId());
        }
    }

    private final Map<Key, Set<Channel>> settled = new LinkedHashMap<>();
    private int size;

    @Override
    public synchronized void note(Delivery delivery) {
        if (settled.computeIfAbsent(Key.of(delivery.entry()), _ -> new HashSet<>())
                .add(delivery.channel())) {
            size++;
        }
        while (size > MOST) {
            remove(settled.keySet().iterator().next());
        }
    }

    @Override
    public synchronized boolean holds(Delivery delivery) {
        return settled.getOrDefault(Key.of(delivery.entry()), Set.of()).contains(delivery.channel());
    }

    @Override
    public synchronized void forget(OutboxEntry entry) {
        remove(Key.of(entry));
    }

    /// How many deliveries it holds.
    synchronized int size() {
        return size;
    }

    private void remove(Key key) {
        Set<Channel> channels = settled.remove(key);
        size -= channels == null ? 0 : channels.size();
    }
}
