package com.pantherkolab.local.aws;

import com.pantherkolab.common.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a queue was made with, of what these stand-ins carry out.
///
/// @param visibility how long a received message is hidden, unless told otherwise
/// @param delay how long a new one is
/// @param retention how long a message is kept
/// @param poll how long a receive waits, unless told otherwise
/// @param fifo whether the messages of a group keep their order
/// @param contentBasedDeduplication whether the body stands in for a missing deduplication id
/// @param redrive where a message goes that was received too often
record QueueAttributes(
        Duration visibility,
        Duration delay,
        Duration retention,
        Duration poll,
        boolean fifo,
        boolean contentBasedDeduplication,
        Optional<Redrive> redrive) {

    /// @param queue the dead-letter queue
    /// @param maxReceiveCount how often a message is received before it goes there
    record Redrive(String queue, int maxReceiveCount) {}

    static QueueAttributes read(Map<String, String> given) {
        Map<String, String> rest = new HashMap<>(given);
        QueueAttributes attributes = new QueueAttributes(
                seconds(rest, "VisibilityTimeout", 30, 0, 43_200),
                seconds(rest, "DelaySeconds", 0, 0, 900),
                seconds(rest, "MessageRetentionPeriod", 345_600, 60, 1_209_600),
                seconds(rest, "ReceiveMessageWaitTimeSeconds", 0, 0, 20),
                Boolean.parseBoolean(rest.remove("FifoQueue")),
                Boolean.parseBoolean(rest.remove("ContentBasedDeduplication")),
                Optional.ofNullable(rest.remove("RedrivePolicy")).map(QueueAttributes::redrive));
        rest.keySet().stream().findFirst().ifPresent(unknown -> {
            throw QueueRefusal.badAttribute(unknown);
        });
        return attributes;
    }

    private static Duration seconds(Map<String, String> given, String name, int otherwise, int least, int most) {
        String text = given.remove(name);
        if (text == null) {
            return Duration.ofSeconds(otherwise);
        }
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw QueueRefusal.badAttributeValue(name);
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }

    private static Redrive redrive(String policy) {
        try {
            JsonNode read = Json.mapper().readTree(policy);
            String arn = read.path("deadLetterTargetArn").stringValue("");
            // The console writes the count as a number, CLI users often as a text.
            int count = Integer.parseInt(read.path("maxReceiveCount").asString("0"));
            if (!arn.isEmpty() && count > 0) {
                return new Redrive(arn.substring(arn.lastIndexOf(':') + 1), count);
            }
        } catch (JacksonException | NumberFormatException _) { // Refused below.
        }
        throw QueueRefusal.badAttributeValue("RedrivePolicy");
    }
}
