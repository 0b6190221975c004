package com.pantherkolab.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.common.Json;
import com.pantherkolab.events.template.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventBusTest {
    private static final String PATTERN = "{ Pattern: { source: [aws.chime], detail-type: [Chime Meeting State Change],"
            + " detail: { eventType: ['chime:MeetingEnded', other] } } }";
    private static final String ENDED = """
            {"source":"aws.chime","detail-type":"Chime Meeting State Change","detail":{"eventType":"chime:MeetingEnded"}}
            """;

    private final BlockingQueue<String> invocations = new LinkedBlockingQueue<>();
    private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"source\":\"aws.chime\",\"detail-type\":\"Chime Meeting State Change\",\"detail\":{\"eventType\":\"other\",\"more\":1}}|true",
                "{\"source\":\"aws.chime\",\"detail-type\":\"Chime Meeting State Change\",\"detail\":{\"eventType\":[\"x\",\"other\"]}}|true",
                "{\"source\":\"aws.chime\",\"detail-type\":\"Chime Meeting State Change\",\"detail\":{\"eventType\":\"chime:MeetingStarted\"}}|false",
                "{\"source\":\"aws.ec2\",\"detail-type\":\"Chime Meeting State Change\",\"detail\":{\"eventType\":\"other\"}}|false",
                "{\"source\":\"aws.chime\",\"detail-type\":\"Chime Meeting State Change\",\"detail\":{}}|false",
                "{\"source\":\"aws.chime\",\"detail\":{\"eventType\":\"other\"}}|false",
                "{}|false"
            })
    void anEventMatchesWhenItHasOneOfTheValuesAtEveryPlace(String event, boolean matches) {
        assertThat(rule(PATTERN).matches(Json.mapper().readTree(event))).isEqualTo(matches);
    }

    @Test
    void aMatchingEventReachesTheFunctionOfEveryRuleAsItIs() throws Exception {
        EventRule other = EventRule.read("other", QueuePumpTest.section("{ Pattern: { source: [aws.ec2] } }"));
        EventRule second = EventRule.read("second", QueuePumpTest.section("{ Pattern: { source: [aws.chime] } }"));
        try (EventBus bus = new EventBus(
                List.of(rule(PATTERN), other, second),
                function -> event -> {
                    invocations.add(function + " " + new String(event, UTF_8));
                    return new byte[0];
                },
                pauses::add)) {
            bus.put(ENDED.getBytes(UTF_8));

            assertThat(List.of(next(), next())).containsExactlyInAnyOrder("callTimers " + ENDED, "second " + ENDED);
        }
        assertThat(invocations).isEmpty();
    }

    @Test
    void aFailedInvocationIsRepeatedWithGrowingPauses() throws Exception {
        List<String> failures = Collections.synchronizedList(new ArrayList<>(List.of("one", "two")));
        try (EventBus bus = new EventBus(
                List.of(rule(PATTERN)),
                _ -> _ -> {
                    if (!failures.isEmpty()) {
                        throw new IllegalStateException(failures.removeFirst());
                    }
                    invocations.add("done");
                    return new byte[0];
                },
                pauses::add)) {
            bus.put(ENDED.getBytes(UTF_8));

            assertThat(next()).isEqualTo("done");
        }
        assertThat(pauses).containsExactly(Duration.ofMillis(100), Duration.ofMillis(200));
    }

    @Test
    void itGivesUpAfterTheRetriesOfTheRule() throws Exception {
        EventRule twice = rule("{ Pattern: { source: [aws.chime] }, RetryPolicy: { MaximumRetryAttempts: 2 } }");
        try (EventBus bus = new EventBus(
                List.of(twice),
                _ -> _ -> {
                    invocations.add("failed");
                    throw new IllegalStateException("always");
                },
                pauses::add)) {
            bus.put(ENDED.getBytes(UTF_8));

            assertThat(List.of(next(), next(), next())).containsOnly("failed");
            assertThat(invocations.poll(200, TimeUnit.MILLISECONDS)).isNull();
        }
        assertThat(pauses).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ Pattern: { source: [{ prefix: aws. }] } }",
                "{ Pattern: { source: aws.chime } }",
                "{ Pattern: { source: [] } }",
                "{ Pattern: { source: [aws.chime] }, EventBusName: another }",
                "{ Pattern: { source: [aws.chime] }, RetryPolicy: { MaximumEventAgeInSeconds: 60 } }"
            })
    void aSettingThatTheBusDoesNotCarryOutIsRefused(String settings) {
        Section rule = QueuePumpTest.section(settings);

        assertThatThrownBy(() -> EventRule.read("callTimers", rule))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not carry out");
    }

    private static EventRule rule(String yaml) {
        return EventRule.read("callTimers", QueuePumpTest.section(yaml));
    }

    private String next() throws InterruptedException {
        return String.valueOf(invocations.poll(10, TimeUnit.SECONDS));
    }
}
