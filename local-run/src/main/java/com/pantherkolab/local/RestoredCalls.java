package com.pantherkolab.local;

import com.pantherkolab.api.calls.CallWorkflow;
import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.store.CallRecords;
import com.pantherkolab.local.aws.LocalMeetings;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Has the call workflow look once at every call of a table that outlived its process: the timers were in a queue
/// that did not, and so were the meetings.
///
/// A deadline that passed meanwhile is committed then, and so is told. A call whose meeting is gone ends, as
/// Chime's own word would end it. On AWS there is nothing to restore: a queue keeps its messages, and Chime its
/// meetings.
final class RestoredCalls implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(RestoredCalls.class);

    private final DynamoDbClient dynamo;
    private final String table;
    private final Supplier<CallWorkflow> workflow;
    private final LocalMeetings meetings;
    private volatile boolean running;

    /// @param table the Calls table
    /// @param workflow asked once there is a call to look at
    RestoredCalls(DynamoDbClient dynamo, String table, Supplier<CallWorkflow> workflow, LocalMeetings meetings) {
        this.dynamo = dynamo;
        this.table = table;
        this.workflow = workflow;
        this.meetings = meetings;
    }

    @Override
    public void start() {
        running = true;
        Thread.ofVirtual().name("restored-calls").start(this::restore);
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void restore() {
        dynamo.scanPaginator(scan -> scan.tableName(table).projectionExpression("subject, part"))
                .items()
                .forEach(this::restore);
    }

    /// One that cannot be restored now is settled by whoever looks at it next, as every call's deadlines are.
    private void restore(Map<String, AttributeValue> keys) {
        if (!running) {
            return;
        }
        CallRecords.sessionId(text(keys, "subject"), text(keys, "part")).ifPresent(call -> {
            try {
                restore(call);
            } catch (RuntimeException failed) {
                log.warn(
                        "call not restored call={} cause={}",
                        call,
                        failed.getClass().getSimpleName());
            }
        });
    }

    private void restore(String sessionId) {
        CallWorkflow restored = workflow.get();
        if (restored.call(sessionId) instanceof CallState.Active call
                && meetings.alive().stream().noneMatch(meeting -> meeting.meetingId()
                        .equals(call.meeting().meetingId()))) {
            restored.meetingOver(call);
        }
        restored.advance(sessionId);
    }

    private static String text(Map<String, AttributeValue> keys, String name) {
        AttributeValue value = keys.get(name);
        return value == null ? "" : value.s();
    }
}
