package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.batch;
import static com.pantherkolab.publisher.Samples.channel;
import static com.pantherkolab.publisher.Samples.entry;
import static com.pantherkolab.publisher.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Trace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogsTest {
    private static final Trace TRACE = new Trace("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true);
    private static final String MARKER = "the-content-of-a-message";

    private final Logger logger = (Logger) LoggerFactory.getLogger("com.pantherkolab");
    private final ListAppender<ILoggingEvent> logs = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.TRACE);
        logs.start();
        logger.addAppender(logs);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logs);
        logger.setLevel(null);
    }

    @Test
    void noLogHoldsTheContentOfAnEventWhateverBecomesOfIt() throws InterruptedException {
        VirtualTime time = new VirtualTime();
        FakeAppSync appSync = new FakeAppSync(request -> {
            if (request.channel().equals(ALICE)) {
                return Behaviour.acknowledge(1);
            }
            return request.channel().equals(BOB)
                    ? new Behaviour.Answer(
                            400,
                            Map.of("x-amzn-ErrorType", "BadRequestException"),
                            request.events().getFirst(),
                            List.of())
                    : Behaviour.fail(1, Map.of(0, "InternalFailure"));
        });
        String data = "{\"content\":\"%s\"}".formatted(MARKER);

        Samples.publisher(appSync, time, new MemoryParkedEvents(), new PublisherTotals())
                .publish(
                        batch(
                                insert("1", entry("c1", 1, data, null, ALICE, BOB, channel("carol"))),
                                insert("2", entry("c1", 2, data, time.instant(), ALICE)),
                                insert("3", "{\"not an entry\":\"%s\"}".formatted(MARKER))),
                        time.in(Duration.ofSeconds(1)));

        assertThat(lines()).noneMatch(line -> line.contains(MARKER));
        assertThat(lines())
                .hasSize(6)
                .anyMatch(line -> line.startsWith(
                        "parked [eventId=\"c1-1\", aggregate=\"conversation#c1\", reason=\"400 BadRequestException\","
                                + " attempts=\"1\", channels=\"[/chats/bob]\"]"))
                .contains("parked [record=\"3\", reason=\"NOT_AN_ENTRY\"]")
                .anyMatch(line -> line.startsWith(
                        "stopped [eventId=\"c1-1\", aggregate=\"conversation#c1\", reason=\"InternalFailure\","))
                .contains("published [eventId=\"c1-1\", aggregate=\"conversation#c1\", attempts=\"1\","
                        + " channels=\"[/chats/alice]\"]")
                .contains("expired [eventId=\"c1-2\", aggregate=\"conversation#c1\", attempts=\"0\","
                        + " channels=\"[/chats/alice]\"]");
        assertThat(lines().getLast().replaceAll("retried=.[0-9]+., ", ""))
                .isEqualTo("invocation [records=\"3\", in=\"5\", published=\"1\", skipped=\"0\", expired=\"1\","
                        + " dropped=\"0\", parked=\"2\", returned=\"1\", backwards=\"0\", checkpoint=\"1\"]");
    }

    @Test
    void anEntryToManyChannelsIsOneLineWithItsTrace() throws InterruptedException {
        VirtualTime time = new VirtualTime();
        Channel[] channels = IntStream.range(0, 90)
                .mapToObj(number -> channel("user-" + number))
                .toArray(Channel[]::new);
        FakeAppSync appSync = new FakeAppSync(
                request -> Behaviour.acknowledge(request.events().size()));
        OutboxEntry traced = entry("c1", 1, "{}", null, channels).tracedBy(TRACE);

        Samples.publisher(appSync, time, new MemoryParkedEvents(), new PublisherTotals())
                .publish(batch(insert("1", traced)), time.in(Duration.ofSeconds(1)));

        assertThat(lines()).hasSize(2);
        assertThat(lines().getFirst())
                .startsWith("published [eventId=\"c1-1\", aggregate=\"conversation#c1\","
                        + " traceId=\"4bf92f3577b34da6a3ce929d0e0e4736\", attempts=\"1\", channels=\"[/chats/user-0, ")
                .endsWith(", /chats/user-89]\"]");
    }

    /// When the batch comes again, what is out is passed over without a line.
    @Test
    void whatIsOutIsSaidThoughALaneBreaks() {
        VirtualTime time = new VirtualTime();
        FakeAppSync appSync = new FakeAppSync(request -> {
            if (request.channel().equals(BOB)) {
                throw new IllegalStateException("planted");
            }
            return Behaviour.acknowledge(1);
        });
        StreamPublisher publisher = Samples.publisher(appSync, time, new MemoryParkedEvents(), new PublisherTotals());

        assertThatThrownBy(() -> publisher.publish(
                        batch(insert("1", entry("c1", 1, "{}", null, ALICE, BOB))), time.in(Duration.ofSeconds(1))))
                .hasMessage("a lane broke");

        assertThat(lines())
                .containsExactly("published [eventId=\"c1-1\", aggregate=\"conversation#c1\", attempts=\"1\","
                        + " channels=\"[/chats/alice]\"]");
    }

    private List<String> lines() {
        return List.copyOf(logs.list).stream()
                .map(event -> event.getFormattedMessage() + " " + event.getKeyValuePairs())
                .toList();
    }
}
