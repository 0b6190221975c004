package com.pantherkolab.publisher;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How long a delivery may fail while others succeed, so that one bad channel does not hold the shard.
///
/// The time of a failing delivery begins with the first delivery elsewhere that succeeds after its own first
/// failure. As long as nothing succeeds, no time begins: an outage is waited out. A delivery that is held back
/// behind a failing one of its channel counts as failing from then on, or a bad channel would take that long for
/// each of its deliveries; but it is given up only after attempts of its own.
///
/// This is the memory of one instance, of the latest [#REMEMBERED] deliveries: after a cold start, and for what was
/// pushed out, the time begins anew. It does not tell a bad channel from an outage that began right after something
/// else succeeded; then it gives up too early, and the parked event is there for replay.
final class Patience {
    /// How many attempts a delivery has had at least when it is given up.
    static final int ATTEMPTS = 3;

    /// How many failing deliveries are remembered.
    static final int REMEMBERED = 10_000;

    /// @param first when it was first found failing, or held back
    /// @param attempts its own, all of them failed
    /// @param since when its time began; none, as long as nothing has succeeded elsewhere
    private record Failing(
            Instant first, int attempts, @Nullable Instant since) {
        Failing attempted() {
            return new Failing(first, attempts + 1, since);
        }

        // Lanes look at the clock before they come here: a success can be the later one and have the earlier time.
        Failing timedFrom(Instant success) {
            return new Failing(first, attempts, success.isAfter(first) ? success : first);
        }

        boolean isOver(Instant now, Duration limit) {
            return attempts >= ATTEMPTS && since != null && !now.isBefore(since.plus(limit));
        }
    }

    private final Map<Delivery.Id, Failing> failing = new LinkedHashMap<>();
    private final Set<Delivery.Id> untimed = new HashSet<>();
    private final Duration limit;

    Patience(Duration limit) {
        this.limit = limit;
    }

    /// An attempt of the delivery has failed, and may succeed later.
    ///
    /// @return whether it is to be given up
    synchronized boolean failed(Delivery delivery, Instant now) {
        Failing more = remember(delivery.id(), now).attempted();
        failing.put(delivery.id(), more);
        return more.isOver(now, limit);
    }

    /// The delivery waits behind one that failed.
    synchronized void heldBack(Delivery delivery, Instant now) {
        remember(delivery.id(), now);
    }

    /// Something was delivered: from now on the others' time counts.
    synchronized void delivered(Instant now) {
        untimed.forEach(id -> failing.computeIfPresent(id, (_, before) -> before.timedFrom(now)));
        untimed.clear();
    }

    /// The delivery is settled, one way or the other.
    synchronized void forget(Delivery delivery) {
        failing.remove(delivery.id());
        untimed.remove(delivery.id());
    }

    /// How many deliveries are remembered.
    synchronized int size() {
        return failing.size();
    }

    private Failing remember(Delivery.Id id, Instant now) {
        Failing known = failing.get(id);
        if (known != null) {
            return known;
        }
        if (failing.size() == REMEMBERED) {
            Delivery.Id eldest = failing.keySet().iterator().next();
            failing.remove(eldest);
            untimed.remove(eldest);
        }
        Failing begun = new Failing(now, 0, null);
        failing.put(id, begun);
        untimed.add(id);
        return begun;
    }
}
