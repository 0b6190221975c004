package com.pantherkolab.publisher;

import com.pantherkolab.publisher.ReplaySource.Page;
import com.pantherkolab.publisher.Replayable.Found;
import java.util.ArrayList;
import java.util.List;

/// What a source of a replay gives, read to its end.
final class Pages {
    private Pages() {}

    /// [ReplaySource#next] of a source, which throws what that source throws and nothing more.
    @FunctionalInterface
    interface Next<E extends Exception> {
        Page page() throws E;
    }

    /// All that is found, in order.
    static <E extends Exception> List<Found> readAll(Next<E> source) throws E {
        List<Found> found = new ArrayList<>();
        Page page;
        do {
            page = source.page();
            found.addAll(page.found());
        } while (!page.end());
        return found;
    }

    /// The ids of the events, where every one of them is an entry.
    static List<String> ids(List<Found> found) {
        return found.stream()
                .map(one -> ((Replayable.Entry) one.what()).entry().eventId())
                .toList();
    }
}
