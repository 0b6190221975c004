package com.pantherkolab.publisher;

import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.publisher.Replayable.Found;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A source of a replay that holds what the test put into it; its positions are indexes.
final class ScriptedSource implements ReplaySources {
    private final List<Replayable> holds = new ArrayList<>();
    private final List<Replayable> settled = new ArrayList<>();
    private final List<Boolean> closed = new ArrayList<>();
    private final int page;
    private int opened;
    private Runnable reading = () -> {};

    /// @param page how many things are on a page
    ScriptedSource(int page) {
        this.page = page;
    }

    ScriptedSource add(OutboxEntry... entries) {
        for (OutboxEntry entry : entries) {
            add(new Replayable.Entry(entry));
        }
        return this;
    }

    ScriptedSource add(Replayable one) {
        holds.add(one);
        return this;
    }

    /// What happens while a page is read.
    ScriptedSource eachPageTakes(Runnable time) {
        reading = time;
        return this;
    }

    /// What nobody needs any more, as it was told.
    List<Replayable> settled() {
        return settled;
    }

    /// Of each time that it was closed, whether the replay had come to its end.
    List<Boolean> closed() {
        return closed;
    }

    int opened() {
        return opened;
    }

    @Override
    public ReplaySource open(ReplayOptions options, @Nullable String position) {
        opened++;
        int from = position == null ? 0 : Integer.parseInt(position);
        return new ReplaySource() {
            private int next = from;

            @Override
            public Page next() {
                reading.run();
                List<Found> found = new ArrayList<>();
                for (int end = Math.min(next + page, holds.size()); next < end; next++) {
                    found.add(new Found(String.valueOf(next + 1), holds.get(next)));
                }
                return new Page(found, next == holds.size());
            }

            @Override
            public void done(List<Found> found, List<Found> gone) {
                gone.forEach(one -> settled.add(one.what()));
            }

            @Override
            public void close(boolean end) {
                closed.add(end);
            }
        };
    }
}
