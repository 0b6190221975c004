package com.pantherkolab.local.aws;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// What goes wrong with the meetings by chance.
///
/// @param errorRate how often a call fails: it is throttled (429) or refused (500 or 503), or, in a batch of
///     attendees, some of them are not made; each as likely as the others
/// @param lostResponseRate how often it happens and the answer never arrives
public record MeetingFaults(double errorRate, double lostResponseRate) {
    /// Nothing goes wrong.
    public static final MeetingFaults NONE = new MeetingFaults(0, 0);

    /// Checks every field.
    ///
    /// @throws IllegalArgumentException naming the field that is out of range
    public MeetingFaults {
        requireRate("meetings.errorRate", errorRate);
        requireRate("meetings.lostResponseRate", lostResponseRate);
    }

    /// The plan that draws from these rates. The same seed and the same sequence of calls give the same faults; at
    /// most one befalls a call, drawn in the order of the fields.
    public MeetingFaultPlan plan(long seed) {
        Random random = new Random(seed);
        return (_, attendees) -> {
            synchronized (random) {
                if (random.nextDouble() < errorRate) {
                    return error(random, attendees);
                }
                return random.nextDouble() < lostResponseRate
                        ? new MeetingFault.LostResponse()
                        : new MeetingFault.None();
            }
        };
    }

    private static MeetingFault error(Random random, int attendees) {
        List<Integer> statuses = List.of(429, 500, 503);
        int drawn = random.nextInt(attendees > 0 ? statuses.size() + 1 : statuses.size());
        return drawn < statuses.size()
                ? new MeetingFault.Refused(statuses.get(drawn))
                : new MeetingFault.PartialFailure(somePart(random, attendees));
    }

    /// At least one, and of several never all: that would not be partial.
    private static Set<Integer> somePart(Random random, int attendees) {
        List<Integer> indexes =
                new ArrayList<>(IntStream.range(0, attendees).boxed().toList());
        Collections.shuffle(indexes, random);
        return Set.copyOf(indexes.subList(0, attendees == 1 ? 1 : random.nextInt(1, attendees)));
    }

    private static void requireRate(String field, double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException(field + " must be between 0 and 1");
        }
    }
}
