package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.calls.QueueTimers;
import com.pantherkolab.api.calls.Timers.Timer;
import com.pantherkolab.common.Json;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/// The timers' queue with the settings of the template, deployed for each test; nothing takes from it but the test.
abstract class TimersQueueContract {
    private static final int RECEIVED_AT_MOST = 5;

    private final Timer timer = new Timer(UUID.randomUUID().toString(), 3);
    private final Supplier<Deployed> place;
    private Deployed deployed;
    private QueueTimers timers;

    /// @param place deploys the queue and that of its dead letters, and whatever else
    TimersQueueContract(Supplier<Deployed> place) {
        this.place = place;
    }

    @BeforeEach
    void deploy() {
        deployed = place.get();
        timers = new QueueTimers(deployed.queues(), deployed.name("TimersQueue"));
    }

    @AfterEach
    void remove() {
        deployed.close();
    }

    @Test
    void aReminderShowsWhenItsDelayIsOverAndNotBefore() {
        timers.arm(timer, Duration.ofMillis(1_500));

        Message message = received("TimersQueue");
        assertThat(Json.mapper().readValue(message.body(), Timer.class)).isEqualTo(timer);
        assertThat(at(message, MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP)
                        - at(message, MessageSystemAttributeName.SENT_TIMESTAMP))
                .as("whole seconds, rounded up")
                .isGreaterThanOrEqualTo(2_000);
    }

    @Test
    void whoReceivesAReminderHasItAloneUntilTheyLetGoOfIt() {
        timers.arm(timer, Duration.ZERO);

        Message message = received("TimersQueue");
        assertThat(receive("TimersQueue", 0)).isEmpty();
        letGo(message);

        assertThat(received("TimersQueue").messageId()).isEqualTo(message.messageId());
    }

    @Test
    void whatIsNeverSeenToIsLaidBesideTheReminders() {
        timers.arm(timer, Duration.ZERO);

        for (int i = 0; i < RECEIVED_AT_MOST; i++) {
            letGo(received("TimersQueue"));
        }

        assertThat(receive("TimersQueue", 0)).isEmpty();
        assertThat(Json.mapper().readValue(received("TimersDeadLetters").body(), Timer.class))
                .isEqualTo(timer);
    }

    private Message received(String queue) {
        return receive(queue, 20).getFirst();
    }

    private List<Message> receive(String queue, int seconds) {
        return deployed.queues()
                .receiveMessage(receive -> receive.queueUrl(deployed.name(queue))
                        .waitTimeSeconds(seconds)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private void letGo(Message message) {
        deployed.queues().changeMessageVisibility(change -> change.queueUrl(deployed.name("TimersQueue"))
                .receiptHandle(message.receiptHandle())
                .visibilityTimeout(0));
    }

    private static long at(Message message, MessageSystemAttributeName time) {
        return Long.parseLong(Objects.requireNonNull(message.attributes().get(time)));
    }
}
