package com.pantherkolab.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.pantherkolab.common.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// SQS messages as Lambda hands them to a function, and what the function answers.
final class LambdaMessages {
    private LambdaMessages() {}

    static byte[] event(List<Message> messages, String queueArn) {
        ObjectNode event = Json.mapper().createObjectNode();
        ArrayNode records = event.putArray("Records");
        for (Message message : messages) {
            ObjectNode record = records.addObject()
                    .put("messageId", message.messageId())
                    .put("receiptHandle", message.receiptHandle())
                    .put("body", message.body());
            ObjectNode attributes = record.putObject("attributes");
            message.attributesAsStrings().forEach(attributes::put);
            ObjectNode own = record.putObject("messageAttributes");
            message.messageAttributes().forEach((name, value) -> own.set(name, attribute(value)));
            if (message.md5OfMessageAttributes() != null) {
                record.put("md5OfMessageAttributes", message.md5OfMessageAttributes());
            }
            record.put("md5OfBody", message.md5OfBody())
                    .put("eventSource", "aws:sqs")
                    .put("eventSourceARN", queueArn)
                    .put("awsRegion", LocalAws.REGION);
        }
        return event.toString().getBytes(UTF_8);
    }

    private static ObjectNode attribute(MessageAttributeValue value) {
        ObjectNode attribute = Json.mapper().createObjectNode();
        if (value.binaryValue() == null) {
            attribute.put("stringValue", value.stringValue());
        } else {
            attribute.put("binaryValue", value.binaryValue().asByteArray());
        }
        attribute.putArray("stringListValues");
        attribute.putArray("binaryListValues");
        return attribute.put("dataType", value.dataType());
    }

    static Set<String> ids(List<Message> messages) {
        return messages.stream().map(Message::messageId).collect(Collectors.toSet());
    }

    /// Which messages are not done. No list is success; a name that is no message of the batch, or no name at all,
    /// fails the whole batch.
    static Set<String> failures(List<Message> messages, byte[] answer) {
        Set<String> all = ids(messages);
        if (answer.length == 0) {
            return Set.of();
        }
        Set<String> failed = new HashSet<>();
        try {
            JsonNode failures = Json.mapper().readTree(answer).path("batchItemFailures");
            failures.forEach(
                    failure -> failed.add(failure.path("itemIdentifier").stringValue("")));
        } catch (JacksonException unreadable) {
            return all;
        }
        return all.containsAll(failed) ? failed : all;
    }
}
