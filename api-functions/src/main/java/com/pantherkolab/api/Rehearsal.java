package com.pantherkolab.api;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import com.pantherkolab.api.calls.CallSettings;
import com.pantherkolab.api.calls.CallWorkflow;
import com.pantherkolab.api.calls.Meetings;
import com.pantherkolab.api.calls.Timers;
import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.api.store.Tables;
import com.pantherkolab.api.trace.Causes;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.metrics.Metrics;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.messaging.support.GenericMessage;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One event for each function, of something that nobody has: a conversation, a call. The function reads what its
/// role lets it read, finds nothing, and says so.
///
/// Nothing can be written by it, for it has no writer. It calls the functions themselves and never the adapter
/// around them, which must not be called while it is still being made.
final class Rehearsal {
    /// No user: those of the pool have UUIDs.
    private static final String NOBODY = "nobody";

    /// What has no conversation and no call by its name: their ids are made here, and longer.
    private static final String NONE = "none";

    private static final int NOT_FOUND = 404;

    private final ApiConfiguration wiring = new ApiConfiguration();
    private final Causes causes = wiring.causes();
    private final StateReader state;
    private final Commands commands;
    private final CallSettings calls;
    private final Supplier<CallWorkflow> workflow;
    private final Clock clock;

    /// @param dynamo is read from
    /// @param meetings asked for only by a function that has them; never used, for there is no call
    /// @param timers the same
    Rehearsal(
            DynamoDbClient dynamo,
            Tables tables,
            CallSettings calls,
            Supplier<Meetings> meetings,
            Supplier<Timers> timers,
            Clock clock) {
        ChangeWriter nobody = _ -> {
            throw new IllegalStateException("a rehearsal writes nothing");
        };
        this.state = wiring.stateReader(dynamo, tables);
        this.commands = wiring.commands(state, nobody);
        this.calls = calls;
        this.workflow = () -> wiring.workflow(state, nobody, meetings.get(), timers.get(), Metrics.NONE, clock);
        this.clock = clock;
    }

    /// Rehearses a function.
    ///
    /// @throws IllegalArgumentException if it has no rehearsal
    /// @throws IllegalStateException if it did not answer as it should
    void of(String function) {
        switch (function) {
            case "messagesApi" -> {
                Edge edge = wiring.messagesApi(state, commands, Metrics.NONE, causes, clock);
                notFound(edge, "POST", "/api/messages/send", Map.of("conversationId", NONE, "content", NONE));
            }
            case "conversationsApi" -> {
                Edge edge = wiring.conversationsApi(state, commands, Metrics.NONE, causes, clock);
                notFound(edge, "GET", "/api/conversations/" + NONE, Map.of());
            }
            case "callsApi" -> {
                Edge edge = wiring.callsApi(state, commands, calls, Metrics.NONE, causes, clock);
                notFound(edge, "POST", "/api/calls/accept", Map.of("sessionId", NONE));
            }
            case "callWorkflow" -> {
                var answer = wiring.callWorkflow(workflow.get(), causes, Metrics.NONE)
                        .apply(new GenericMessage<>(call()));
                expect(answer.getBatchItemFailures().isEmpty(), function);
            }
            case "callTimers" -> {
                JsonNode answer = ask(wiring.callTimers(workflow.get(), causes, Metrics.NONE), reminder());
                expect(answer.path("batchItemFailures").isEmpty(), function);
            }
            default -> throw new IllegalArgumentException("nothing to rehearse of " + function);
        }
    }

    private static void notFound(Edge edge, String method, String path, Map<String, String> body) {
        ObjectNode event = Json.mapper().createObjectNode().put("rawPath", path);
        ObjectNode context = event.putObject("requestContext");
        context.putObject("http").put("method", method);
        context.putObject("authorizer").putObject("jwt").putObject("claims").put("sub", NOBODY);
        // With a key, so that the refusal looks it up.
        event.putObject("headers").put("idempotency-key", NONE);
        event.put("body", Json.mapper().writeValueAsString(body));
        int status = ask(edge, event).path("statusCode").intValue();
        expect(status == NOT_FOUND, "%s %s: %d".formatted(method, path, status));
    }

    private static JsonNode ask(Function<InputStream, byte[]> function, JsonNode event) {
        return Json.mapper()
                .readTree(function.apply(new ByteArrayInputStream(Json.mapper().writeValueAsBytes(event))));
    }

    private static DynamodbEvent call() {
        StreamRecord change = new StreamRecord();
        change.setKeys(Map.of("subject", new AttributeValue("call#" + NONE), "part", new AttributeValue("call")));
        change.setSequenceNumber("1");
        DynamodbStreamRecord record = new DynamodbStreamRecord();
        record.setEventName("MODIFY");
        record.setDynamodb(change);
        DynamodbEvent event = new DynamodbEvent();
        event.setRecords(List.of(record));
        return event;
    }

    private static JsonNode reminder() {
        ObjectNode event = Json.mapper().createObjectNode();
        event.putArray("Records")
                .addObject()
                .put("messageId", NONE)
                .put("body", Json.mapper().writeValueAsString(new Timers.Timer(NONE, 1)));
        return event;
    }

    private static void expect(boolean asItShould, String answer) {
        if (!asItShould) {
            throw new IllegalStateException("not as it should be: " + answer);
        }
    }
}
