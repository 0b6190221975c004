package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.entry;
import static com.pantherkolab.publisher.Samples.lane;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneTest {

    @Test
    void aRequestHoldsFiveEventsAtMost() {
        Lane lane = lane(IntStream.rangeClosed(1, 12)
                .mapToObj(i -> message("c" + i, 1, ALICE))
                .toArray(OutboxEntry[]::new));

        assertThat(requests(lane)).extracting(List::size).containsExactly(5, 5, 2);
    }

    @Test
    void aRequestNeverHoldsTwoEventsOfOneAggregate() {
        Lane lane = lane(
                message("c1", 1, ALICE),
                message("c2", 1, ALICE),
                message("c1", 2, ALICE),
                message("c1", 3, ALICE),
                message("c3", 1, ALICE));

        assertThat(requests(lane)).containsExactly(List.of("c1-1", "c2-1"), List.of("c1-2"), List.of("c1-3", "c3-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\"", "\\", "\u0001", "é", "\u2028", "\uD83D\uDE00"})
    void aBodyIsNeverLargerThanAppSyncTakesHoweverItsEventsAreEncoded(String character) {
        Lane lane = lane(IntStream.rangeClosed(1, 20)
                .mapToObj(i -> entry("c" + i, 1, dataOf(character), null, ALICE))
                .toArray(OutboxEntry[]::new));

        for (int next = 0; next < lane.deliveries().size(); ) {
            List<Delivery> request = lane.request(next);
            assertThat(body(request)).hasSizeLessThanOrEqualTo(PublishRequest.MAX_BODY_BYTES);
            int following = next + request.size();
            if (request.size() < PublishRequest.MAX_EVENTS
                    && following < lane.deliveries().size()) {
                assertThat(body(lane.deliveries().subList(next, following + 1)))
                        .as("one more would not have fitted")
                        .hasSizeGreaterThan(PublishRequest.MAX_BODY_BYTES);
            }
            next = following;
        }
    }

    @Test
    void whatABodyTakesIsKnownToTheByte() {
        List<Delivery> deliveries = lane(
                        entry("c1", 1, dataOf("\""), null, ALICE), entry("c2", 1, dataOf("\u0001"), null, ALICE))
                .deliveries();
        int room = PublishRequest.roomFor(ALICE)
                - deliveries.stream().mapToInt(Delivery::encodedBytes).sum();

        assertThat(body(deliveries)).hasSize(PublishRequest.MAX_BODY_BYTES - room);
    }

    @Test
    void aBodyMayBeFullToTheLastByte() {
        OutboxEntry[] first = {
            entry("c1", 1, dataOf("\""), null, ALICE),
            entry("c2", 1, dataOf("\""), null, ALICE),
            entry("c3", 1, dataOf("x"), null, ALICE)
        };
        int room = PublishRequest.roomFor(ALICE)
                - Stream.of(lane(first), lane(entry("c4", 1, "\"\"", null, ALICE)))
                        .flatMap(lane -> lane.deliveries().stream())
                        .mapToInt(Delivery::encodedBytes)
                        .sum();

        List<Delivery> full = withLast(first, room).request(0);

        assertThat(full).hasSize(4);
        assertThat(body(full)).hasSize(PublishRequest.MAX_BODY_BYTES);
        assertThat(withLast(first, room + 1).request(0)).hasSize(3);
    }

    private static Lane withLast(OutboxEntry[] first, int characters) {
        return lane(Stream.concat(
                        Stream.of(first), Stream.of(entry("c4", 1, "\"" + "x".repeat(characters) + "\"", null, ALICE)))
                .toArray(OutboxEntry[]::new));
    }

    @Test
    void theLargestEventThatAnEntryCanHoldFitsAlone() {
        int frame = entry("c1", 1, "\"\"", null, ALICE)
                .event(entry("c1", 1, "\"\"", null, ALICE).publications().getFirst(), VirtualTime.START)
                .length();
        String largest = "\"" + "\\\"".repeat((OutboxEntry.MAX_EVENT_BYTES - frame) / 2) + "\"";
        Lane lane = lane(entry("c1", 1, largest, null, ALICE), message("c2", 1, ALICE));

        assertThat(lane.request(0)).hasSize(2);
        assertThat(body(lane.request(0))).hasSizeLessThan(PublishRequest.MAX_BODY_BYTES / 2);
    }

    /// The event ids of each request.
    private static List<List<String>> requests(Lane lane) {
        List<List<String>> requests = new ArrayList<>();
        for (int next = 0; next < lane.deliveries().size(); ) {
            List<Delivery> request = lane.request(next);
            requests.add(
                    request.stream().map(delivery -> delivery.entry().eventId()).toList());
            next += request.size();
        }
        return requests;
    }

    private static byte[] body(List<Delivery> request) {
        return new PublishRequest(
                        ALICE,
                        request.stream()
                                .map(delivery -> delivery.event(VirtualTime.START.plusSeconds(1)))
                                .toList())
                .body();
    }

    /// Data of some 200 KB as JSON that consists of one character.
    private static String dataOf(String character) {
        String encoded = Json.mapper().writeValueAsString(character);
        String inner = encoded.substring(1, encoded.length() - 1);
        int bytes = inner.getBytes(StandardCharsets.UTF_8).length;
        return "\"" + inner.repeat(200_000 / bytes) + "\"";
    }
}
