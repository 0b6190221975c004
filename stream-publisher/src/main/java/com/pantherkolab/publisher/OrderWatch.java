package com.pantherkolab.publisher;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import java.util.LinkedHashMap;
import java.util.Map;

/// Notices where the order of an aggregate goes backwards on a channel: a message behind one with a higher
/// sequence, a change of a call behind one with a higher version.
///
/// The stream promises no order between entries, and clients repair it; this counts how often they have to. It
/// looks at what was acknowledged, and remembers the highest order of the [#REMEMBERED] pairs of aggregate and
/// channel that were used last: what was pushed out, and everything after a cold start, is compared with nothing.
final class OrderWatch {
    static final int REMEMBERED = 10_000;

    private record Track(Aggregate aggregate, Channel channel) {}

    private final Map<Track, Long> highest = new LinkedHashMap<>(16, 0.75f, true);

    /// Notes a delivery that was acknowledged for the first time.
    ///
    /// @return whether a later one of its aggregate was acknowledged before
    synchronized boolean wentBackwards(Delivery delivery) {
        if (!isOrdered(delivery.publication().type())) {
            return false;
        }
        long order = delivery.entry().order();
        Track track = new Track(delivery.entry().aggregate(), delivery.channel());
        Long before = highest.get(track);
        highest.put(track, before == null ? order : Math.max(before, order));
        if (highest.size() > REMEMBERED) {
            highest.remove(highest.keySet().iterator().next());
        }
        return before != null && order < before;
    }

    /// How many pairs are remembered.
    synchronized int size() {
        return highest.size();
    }

    // A read mark has the sequence that it marks, which may be any; typing has none.
    private static boolean isOrdered(Event.Type type) {
        return type != Event.Type.MESSAGE_READ && type.delivery() == Event.Delivery.DURABLE;
    }
}
