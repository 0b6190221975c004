package com.pantherkolab.api.calls;

import com.pantherkolab.api.calls.Timers.Timer;
import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.callstate.CallState.Underway;
import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.api.trace.Cause;
import com.pantherkolab.api.trace.Causes;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.LogKey;
import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.common.metrics.Metrics;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// The function `callTimers`: what comes to a call from outside: a deadline's reminder, by a queue, and Chime's
/// word that its meeting is over, by EventBridge.
///
/// A reminder that comes early is sent on its way again, unless the call has changed since and has a timer of its
/// newer version; one that comes late, twice or for a call that is over does nothing. Of a meeting that is not the
/// call's own it takes no notice; while a call is connecting and does not know its meeting yet, whichever was made
/// for it is its own, for nobody would tell of its end again.
///
/// It promises that a reminder which its answer does not return has been seen to. What is neither a reminder nor
/// Chime's is passed over with a word in the log, for it would not become readable by coming again.
public final class CallTimers implements Function<InputStream, byte[]> {
    private static final Logger log = LoggerFactory.getLogger(CallTimers.class);

    /// More deadlines than a call can have past at once: one for each participant, the ringing and the day.
    private static final int MOST_DEADLINES = 64;

    private final CallWorkflow workflow;
    private final Causes causes;
    private final Metrics metrics;

    public CallTimers(CallWorkflow workflow, Causes causes, Metrics metrics) {
        this.workflow = workflow;
        this.causes = causes;
        this.metrics = metrics;
    }

    /// What a queue is answered: the messages that shall come again.
    private record Answer(List<Failure> batchItemFailures) {
        private record Failure(String itemIdentifier) {}
    }

    @Override
    public byte[] apply(InputStream input) {
        try {
            return answer(Json.mapper().readTree(input));
        } finally {
            metrics.send();
        }
    }

    private byte[] answer(JsonNode event) {
        if (event.path("Records").isArray()) {
            List<Answer.Failure> failures = new ArrayList<>();
            for (JsonNode message : event.path("Records")) {
                if (!cause().during(() -> isSeenTo(message))) {
                    failures.add(new Answer.Failure(message.path("messageId").stringValue("")));
                }
            }
            return Json.mapper().writeValueAsBytes(new Answer(failures));
        }
        JsonNode detail = event.path("detail");
        return cause().during(() -> {
            if (detail.path("eventType").stringValue("").equals("chime:MeetingEnded")) {
                meetingEnded(
                        detail.path("externalMeetingId").stringValue(""),
                        detail.path("meetingId").stringValue(""));
            } else {
                log.warn("passed over an event that is neither a reminder nor the end of a meeting");
            }
            return Json.mapper().writeValueAsBytes(Map.of());
        });
    }

    private Cause cause() {
        return causes.function("callTimers");
    }

    private boolean isSeenTo(JsonNode message) {
        Timer timer;
        try {
            timer = Json.mapper().readValue(message.path("body").stringValue(""), Timer.class);
        } catch (RuntimeException unreadable) {
            log.warn("passed over a message that is no reminder");
            return true;
        }
        try {
            remind(timer);
            return true;
        } catch (RuntimeException failed) {
            metrics.count(Metric.TIMERS_RETURNED);
            log.atWarn()
                    .addKeyValue(LogKey.AGGREGATE, Aggregate.call(timer.sessionId()))
                    .addKeyValue(LogKey.REASON, failed.getClass().getSimpleName())
                    .log("reminder returned");
            return false;
        }
    }

    private void remind(Timer timer) {
        for (int deadline = 0; deadline < MOST_DEADLINES; deadline++) {
            CallState call = workflow.call(timer.sessionId());
            if (call == null) {
                return;
            }
            if (!workflow.settle(call)) {
                if (call.call().version() == timer.version()) {
                    workflow.arm(call);
                }
                return;
            }
        }
        throw new IllegalStateException("a call's deadlines could not be committed");
    }

    private void meetingEnded(String sessionId, String meetingId) {
        for (int attempt = 0; attempt < MOST_DEADLINES; attempt++) {
            if (!(workflow.call(sessionId) instanceof Underway call) || !isItsOwn(call.meeting(), meetingId)) {
                return;
            }
            workflow.meetingOver(call);
        }
        throw new IllegalStateException("the end of a meeting could not be committed");
    }

    private static boolean isItsOwn(@Nullable Meeting known, String meetingId) {
        return known == null || known.meetingId().equals(meetingId);
    }
}
