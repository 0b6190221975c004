package com.pantherkolab.events;

import com.pantherkolab.events.PublishFault.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// Draws faults from their rates. One source of chance each for publishes and sockets, so that the number of
/// subscribers does not change what befalls the publishers.
final class SeededFaults implements FaultPlan {

    private final Faults faults;
    private final Random publishes;
    private final Random sockets;

    SeededFaults(Faults faults) {
        this.faults = faults;
        this.publishes = new Random(faults.seed());
        this.sockets = new Random(~faults.seed());
    }

    @Override
    public PublishFault onPublish(int events) {
        synchronized (publishes) {
            return new PublishFault(delay(), effect(events));
        }
    }

    @Override
    public boolean dropsSocket() {
        synchronized (sockets) {
            return sockets.nextDouble() < faults.sockets().dropRate();
        }
    }

    private Duration delay() {
        List<Integer> range = faults.publish().delayMs();
        return Duration.ofMillis(publishes.nextInt(range.getFirst(), range.getLast() + 1));
    }

    private Effect effect(int events) {
        Faults.Publish rates = faults.publish();
        if (happens(rates.errorRate())) {
            return new Effect.ErrorAnswer(
                    rates.statuses().get(publishes.nextInt(rates.statuses().size())));
        }
        if (happens(rates.resetRate())) {
            return new Effect.Reset();
        }
        if (happens(rates.lostResponseRate())) {
            return new Effect.LostResponse();
        }
        if (happens(rates.partialFailureRate())) {
            return new Effect.PartialFailure(somePart(events));
        }
        return new Effect.None();
    }

    private boolean happens(double rate) {
        return publishes.nextDouble() < rate;
    }

    /// At least one event, and of several never all: that would not be partial.
    private Set<Integer> somePart(int events) {
        List<Integer> indexes =
                new ArrayList<>(IntStream.range(0, events).boxed().toList());
        Collections.shuffle(indexes, publishes);
        return Set.copyOf(indexes.subList(0, events == 1 ? 1 : publishes.nextInt(1, events)));
    }
}
