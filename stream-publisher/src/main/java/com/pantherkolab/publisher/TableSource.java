package com.pantherkolab.publisher;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.publisher.Replayable.Found;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/// The outbox table, one aggregate after the other, the entries of each in their order: as the table has them, they
/// are in none.
///
/// Only keys are held in memory, of one aggregate at a time; the entries come in batches behind them. Where
/// aggregates are named, they are queried. Else the table is scanned, and what stands together is taken for an
/// aggregate: a scan promises no order, but DynamoDB keeps an aggregate together. Were one found in two parts, each
/// part would be in order.
final class TableSource implements ReplaySource {
    private static final int BYTES_OF_A_READ_UNIT = 4_096;

    /// A place between entries.
    ///
    /// @param behindAggregate the last key of what was scanned before the aggregate at hand; none, at the beginning
    /// @param behindEventId with it
    /// @param aggregate the aggregate at hand
    /// @param order everything of it up to this order and `ttl` is done
    private record Position(
            @Nullable String behindAggregate,
            @Nullable String behindEventId,
            @Nullable String aggregate,
            long order,
            long ttl) {}

    private final Outbox outbox;
    private final @Nullable Deque<String> named;
    private final @Nullable Price price;
    private final Deque<Outbox.Key> scanned = new ArrayDeque<>();
    private @Nullable Map<String, AttributeValue> scanFrom;
    private boolean scanEnded;

    private Outbox.@Nullable Key behind;
    private Outbox.@Nullable Key lastScanned;
    private Deque<Outbox.Key> atHand = new ArrayDeque<>();
    private @Nullable Position resumed;

    /// @param aggregates which; none, for all
    TableSource(Outbox outbox, Collection<Aggregate> aggregates, @Nullable String position) {
        this.outbox = outbox;
        this.resumed = position == null ? null : Json.mapper().readValue(position, Position.class);
        this.named = aggregates.isEmpty() ? null : named(aggregates, resumed);
        this.price = aggregates.isEmpty() ? price(outbox.describe()) : null;
        if (resumed != null && resumed.behindAggregate() != null && resumed.behindEventId() != null) {
            behind = new Outbox.Key(resumed.behindAggregate(), resumed.behindEventId(), 0, 0);
            lastScanned = behind;
            scanFrom = behind.item();
        }
    }

    /// In an order of their names, so that one who goes on knows which are done.
    private static Deque<String> named(Collection<Aggregate> aggregates, @Nullable Position resumed) {
        String first = resumed == null || resumed.aggregate() == null ? "" : resumed.aggregate();
        return new ArrayDeque<>(aggregates.stream()
                .map(Aggregate::key)
                .filter(key -> key.compareTo(first) >= 0)
                .sorted()
                .toList());
    }

    @Override
    public Page next() throws InterruptedException {
        if (atHand.isEmpty()) {
            List<Outbox.Key> keys = named == null ? scanned() : queried(named);
            if (keys.isEmpty()) {
                return new Page(List.of(), named == null || named.isEmpty());
            }
            atHand = new ArrayDeque<>(behindPosition(keys));
        }
        return new Page(batch(), false);
    }

    private List<Outbox.Key> queried(Deque<String> aggregates) throws InterruptedException {
        String aggregate = aggregates.poll();
        List<Outbox.Key> keys = new ArrayList<>();
        if (aggregate != null) {
            Outbox.Keys page = outbox.query(aggregate, null);
            keys.addAll(page.keys());
            while (page.last() != null) {
                page = outbox.query(aggregate, page.last());
                keys.addAll(page.keys());
            }
        }
        return keys;
    }

    private List<Outbox.Key> scanned() throws InterruptedException {
        behind = lastScanned;
        List<Outbox.Key> keys = new ArrayList<>();
        while (true) {
            if (scanned.isEmpty()) {
                if (scanEnded) {
                    return keys;
                }
                Outbox.Keys page = outbox.scan(scanFrom);
                scanFrom = page.last();
                scanEnded = scanFrom == null;
                scanned.addAll(page.keys());
                continue;
            }
            if (!keys.isEmpty()
                    && !keys.getFirst().aggregate().equals(scanned.getFirst().aggregate())) {
                return keys;
            }
            lastScanned = scanned.removeFirst();
            keys.add(lastScanned);
        }
    }

    /// In their order, without what was done before the replay was interrupted.
    private List<Outbox.Key> behindPosition(List<Outbox.Key> keys) {
        Position from = resumed;
        resumed = null;
        return keys.stream()
                .sorted(Outbox.Key.IN_ORDER)
                .filter(key -> from == null
                        || !key.aggregate().equals(from.aggregate())
                        || key.order() > from.order()
                        || (key.order() == from.order() && key.ttl() > from.ttl()))
                .toList();
    }

    /// What shares an order and a second is not torn apart: within it the entries' own times decide.
    private List<Found> batch() throws InterruptedException {
        List<Found> found = new ArrayList<>();
        List<Outbox.Key> keys = new ArrayList<>();
        while (!atHand.isEmpty() && keys.size() < Outbox.BATCH) {
            keys.add(atHand.removeFirst());
        }
        while (!atHand.isEmpty() && Outbox.Key.IN_ORDER.compare(keys.getLast(), atHand.getFirst()) == 0) {
            keys.add(atHand.removeFirst());
        }
        Map<Map<String, AttributeValue>, String> texts = texts(keys);
        for (int from = 0; from < keys.size(); ) {
            int to = from + 1;
            while (to < keys.size() && Outbox.Key.IN_ORDER.compare(keys.get(from), keys.get(to)) == 0) {
                to++;
            }
            String before = from == 0 ? null : position(keys.get(from - 1));
            found.addAll(alike(keys.subList(from, to), texts, before));
            from = to;
        }
        return found;
    }

    /// Entries between which only their times tell. One who goes on before the last of them has to begin with the
    /// first.
    private List<Found> alike(
            List<Outbox.Key> keys, Map<Map<String, AttributeValue>, String> texts, @Nullable String before) {
        List<Replayable> all = new ArrayList<>();
        for (Outbox.Key key : keys) {
            String text = texts.get(key.item());
            OutboxEntry entry = text == null ? null : StreamRecords.entry(text);
            // One that the table has dropped since it was listed is past its time.
            if (entry != null) {
                all.add(new Replayable.Entry(entry));
            } else if (text != null) {
                all.add(new Replayable.Unreadable());
            }
        }
        all.sort(Comparator.comparing(
                one -> one instanceof Replayable.Entry(OutboxEntry entry) ? entry.timestamp() : Instant.MIN));
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            boolean last = i == all.size() - 1;
            found.add(new Found(last || before == null ? position(keys.getFirst(), last) : before, all.get(i)));
        }
        return found;
    }

    private String position(Outbox.Key done) {
        return position(done, true);
    }

    /// @param with whether this one is done too, or only what is before it
    private String position(Outbox.Key key, boolean with) {
        return Json.mapper()
                .writeValueAsString(new Position(
                        behind == null ? null : behind.aggregate(),
                        behind == null ? null : behind.eventId(),
                        key.aggregate(),
                        key.order(),
                        with ? key.ttl() : key.ttl() - 1));
    }

    private Map<Map<String, AttributeValue>, String> texts(List<Outbox.Key> keys) throws InterruptedException {
        Map<Map<String, AttributeValue>, String> texts = new HashMap<>();
        for (int from = 0; from < keys.size(); from += Outbox.BATCH) {
            texts.putAll(outbox.entries(keys.subList(from, Math.min(from + Outbox.BATCH, keys.size())).stream()
                    .map(Outbox.Key::item)
                    .toList()));
        }
        return texts;
    }

    @Override
    public OptionalLong expected() {
        return price == null ? OptionalLong.empty() : OptionalLong.of(price.items());
    }

    @Override
    public @Nullable Price price() {
        return price;
    }

    /// A scan that need not see the latest pays half a unit for 4 KB; then each entry that it found is read, which
    /// is as much again.
    private static Price price(TableDescription table) {
        long bytes = table.tableSizeBytes();
        long units = (bytes + BYTES_OF_A_READ_UNIT - 1) / BYTES_OF_A_READ_UNIT;
        return new Price(table.itemCount(), bytes, units / 2 + 1 + Math.max(units / 2 + 1, table.itemCount() / 2));
    }
}
