package com.pantherkolab.local;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/// How far a shard is read and how far it is handled; the position moves on only behind the lowest record that is
/// not.
final class ShardProgress {
    private final Deque<SequenceNumber> unhandled = new ArrayDeque<>();
    private final Set<SequenceNumber> handledAhead = new HashSet<>();
    private SequenceNumber position;
    private SequenceNumber read;

    ShardProgress(SequenceNumber position) {
        this.position = position;
        this.read = position;
    }

    /// @param read the last record that was read
    /// @param open how many of those that were read and concern the function are not handled
    record Snapshot(SequenceNumber read, int open) {}

    /// A page was read.
    ///
    /// @param last the sequence number of its last record
    /// @param passed those of its records that concern the function, in stream order
    synchronized void read(SequenceNumber last, Collection<SequenceNumber> passed) {
        unhandled.addAll(passed);
        read = last;
        advance();
    }

    synchronized void handled(Collection<SequenceNumber> records) {
        handledAhead.addAll(records);
        advance();
    }

    /// Everything up to and with this sequence number is handled.
    synchronized SequenceNumber position() {
        return position;
    }

    synchronized Snapshot snapshot() {
        return new Snapshot(read, unhandled.size() - handledAhead.size());
    }

    private void advance() {
        while (!unhandled.isEmpty() && handledAhead.remove(unhandled.getFirst())) {
            position = unhandled.removeFirst();
        }
        if (unhandled.isEmpty()) {
            position = read;
        }
    }
}
