package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.batch;
import static com.pantherkolab.publisher.Samples.channel;
import static com.pantherkolab.publisher.Samples.entry;
import static com.pantherkolab.publisher.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogsTest {
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

        List<String> lines = List.copyOf(logs.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
        assertThat(lines).hasSize(4).noneMatch(line -> line.contains(MARKER));
        assertThat(lines)
                .anyMatch(line -> line.startsWith("parked Undelivered["))
                .anyMatch(line -> line.startsWith("parked Unreadable[at=3, reason=NOT_AN_ENTRY]"))
                .anyMatch(line -> line.startsWith("stopped delivery=\"MESSAGE_SENT c1-1 to /chats/carol at 1\""))
                .contains("invocation records=3 in=5 published=1 skipped=0 expired=1 dropped=0 parked=2 returned=1"
                        + " retried=%s backwards=0 checkpoint=1".formatted(retried(lines)));
    }

    private static String retried(List<String> lines) {
        return lines.getLast().replaceAll(".* retried=([0-9]+) .*", "$1");
    }
}
