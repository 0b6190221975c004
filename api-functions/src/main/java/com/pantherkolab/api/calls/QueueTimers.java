package com.pantherkolab.api.calls;

import com.pantherkolab.common.Json;
import java.time.Duration;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Timers that are messages of an SQS queue, each with a delay.
public final class QueueTimers implements Timers {
    /// What SQS delays at most; a longer wait comes early and is sent on its way again.
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

    private final SqsClient sqs;
    private final String queueUrl;

    public QueueTimers(SqsClient sqs, String queueUrl) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
    }

    @Override
    public void arm(Timer timer, Duration after) {
        sqs.sendMessage(send -> send.queueUrl(queueUrl)
                .delaySeconds(delaySeconds(after))
                .messageBody(Json.mapper().writeValueAsString(timer)));
    }

    /// Whole seconds, rounded up, so that it is not early by a fraction.
    static int delaySeconds(Duration after) {
        if (after.isNegative()) {
            return 0;
        }
        Duration delay = after.compareTo(LONGEST_DELAY) < 0 ? after : LONGEST_DELAY;
        return Math.toIntExact(delay.plusMillis(999).toSeconds());
    }
}
