package com.pantherkolab.local.aws;

import com.pantherkolab.common.Json;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// A refusal of SQS: the name that its JSON protocol gives it, and the one that its old protocol gave.
final class QueueRefusal extends RuntimeException {
    private final String type;
    private final String code;

    private QueueRefusal(String type, String code, String message) {
        super(message, null, false, false);
        this.type = type;
        this.code = code;
    }

    static QueueRefusal noSuchQueue() {
        return new QueueRefusal(
                "com.amazonaws.sqs#QueueDoesNotExist",
                "AWS.SimpleQueueService.NonExistentQueue",
                "The specified queue does not exist.");
    }

    /// One of the model's errors whose two names are alike.
    static QueueRefusal named(String name, String message) {
        return new QueueRefusal("com.amazonaws.sqs#" + name, "AWS.SimpleQueueService." + name, message);
    }

    static QueueRefusal exists(String queue) {
        return new QueueRefusal(
                "com.amazonaws.sqs#QueueNameExists",
                "QueueAlreadyExists",
                "A queue %s exists already, with other attributes.".formatted(queue));
    }

    static QueueRefusal badReceipt(String receipt) {
        return new QueueRefusal(
                "com.amazonaws.sqs#ReceiptHandleIsInvalid",
                "ReceiptHandleIsInvalid",
                "The input receipt handle \"%s\" is not a valid receipt handle.".formatted(receipt));
    }

    static QueueRefusal badContents() {
        return new QueueRefusal(
                "com.amazonaws.sqs#InvalidMessageContents",
                "InvalidMessageContents",
                "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to"
                        + " #xFFFD | #x10000 to #x10FFFF");
    }

    static QueueRefusal badAttribute(String name) {
        return new QueueRefusal(
                "com.amazonaws.sqs#InvalidAttributeName", "InvalidAttributeName", "Unknown attribute " + name + ".");
    }

    static QueueRefusal badAttributeValue(String name) {
        return new QueueRefusal(
                "com.amazonaws.sqs#InvalidAttributeValue",
                "InvalidAttributeValue",
                "Invalid value for the parameter " + name + ".");
    }

    static QueueRefusal badValue(String message) {
        return new QueueRefusal(
                "com.amazon.coral.service#InvalidParameterValueException", "InvalidParameterValue", message);
    }

    static QueueRefusal missing(String parameter) {
        return new QueueRefusal(
                "com.amazon.coral.service#MissingRequiredParameterException",
                "MissingParameter",
                "The request must contain the parameter %s.".formatted(parameter));
    }

    static QueueRefusal unknownOperation(String operation) {
        return new QueueRefusal(
                "com.amazonaws.sqs#UnsupportedOperation",
                "AWS.SimpleQueueService.UnsupportedOperation",
                "Local run has no operation %s.".formatted(operation));
    }

    AwsAnswer answer() {
        ObjectNode body = Json.mapper().createObjectNode().put("__type", type).put("message", getMessage());
        AwsAnswer json = AwsAnswer.json(400, LocalQueues.JSON, body);
        return new AwsAnswer(
                json.status(),
                Map.of("content-type", LocalQueues.JSON, "x-amzn-query-error", code + ";Sender"),
                json.body(),
                false);
    }

    /// The same refusal of one entry of a batch.
    ObjectNode entry(String id) {
        return Json.mapper()
                .createObjectNode()
                .put("Id", id)
                .put("SenderFault", true)
                .put("Code", code)
                .put("Message", getMessage());
    }
}
