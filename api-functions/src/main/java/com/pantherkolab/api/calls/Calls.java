package com.pantherkolab.api.calls;

import com.pantherkolab.api.callstate.CallCommand;
import com.pantherkolab.api.callstate.CallRules;
import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.callstate.Moved;
import com.pantherkolab.api.callstate.Verdict;
import com.pantherkolab.api.callstate.Verdict.Why;
import com.pantherkolab.api.command.Decision;
import com.pantherkolab.api.command.Idempotency;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.command.Refusal.Code;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Call.Participant;
import com.pantherkolab.common.Call.Participant.State;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Decides about calls: lets deadlines that are past have their way, asks the table, and builds what is told. Pure:
/// times and ids are arguments.
final class Calls {
    private Calls() {}

    /// What the routes about one call answer.
    record Called(Call call) {
        static Called of(CallState state) {
            return new Called(state.call());
        }
    }

    /// The answer, read off the entry that was committed, so that a repeat gets the same.
    static Called called(OutboxEntry entry) {
        String answer = entry.answer();
        return new Called(
                answer == null
                        ? Call.ofEvent(entry.publications().getFirst().data())
                        : Json.mapper().readValue(answer, Call.class));
    }

    /// Ids and times that a decision needs.
    ///
    /// @param freshEventId an id that no event has
    /// @param now in whole milliseconds
    record Given(String freshEventId, Instant now) {}

    /// An initiation as it was asked for.
    ///
    /// @param sessionId the id of the call, if it becomes one of its own
    record Initiation(UserId caller, InitiateCall command, String sessionId, Idempotency once) {}

    /// What an initiation is decided by.
    ///
    /// @param conversation the conversation that it names, if it exists and the caller is in it
    /// @param callerName what those who are called are shown
    /// @param pairBefore the call that the two of a call between two had last, by its id; null if none
    /// @param paired that call, if it can be found
    record Known(
            @Nullable Conversation conversation,
            String callerName,
            @Nullable String pairBefore,
            @Nullable CallState paired) {}

    /// Decides a new call; between two who are calling each other it is the acceptance of the other's.
    static Decision initiate(Known known, Initiation initiation, CallSettings settings, Given given) {
        InitiateCall command = initiation.command();
        if (command.conversationId() != null) {
            Conversation conversation = known.conversation();
            if (conversation == null) {
                return new Decision.Refuse(Refusal.noSuchConversation());
            }
            if (!Set.copyOf(conversation.participants()).equals(Set.copyOf(command.participants()))) {
                return new Decision.Refuse(
                        Refusal.ofField("participantIds", "must be the participants of the conversation"));
            }
        }
        CallState paired = known.paired();
        if (paired != null && paired.call().status() != Call.Status.ENDED) {
            return between(paired, initiation, settings, given);
        }
        UserId caller = initiation.caller();
        Instant now = given.now();
        Call call = new Call(
                initiation.sessionId(),
                command.conversationId(),
                caller,
                command.callType(),
                Call.Status.RINGING,
                null,
                1,
                now,
                now.plus(settings.ringTimeout()),
                null,
                Stream.concat(
                                Stream.of(new Participant(caller, State.CONNECTING, command.deviceId())),
                                command.participants().stream()
                                        .filter(user -> !user.equals(caller))
                                        .map(user -> new Participant(user, State.RINGING, null)))
                        .toList());
        Moved placed = CallState.place(call, known.callerName());
        return new Decision.Announce(new Change.CallPlaced(
                new CallState.Ringing(call), known.pairBefore(), entry(placed, initiation.once(), now)));
    }

    /// Two who are in a call with each other already: if it is the other's and it rings, this accepts it.
    private static Decision between(CallState paired, Initiation initiation, CallSettings settings, Given given) {
        UserId caller = initiation.caller();
        Idempotency once = initiation.once();
        Instant now = given.now();
        Moved due = paired.due(now);
        if (due != null) {
            return first(due, given);
        }
        boolean otherRings = paired instanceof CallState.Ringing
                && !paired.call().initiatedBy().equals(caller);
        CallCommand accept =
                new CallCommand.Accept(caller, initiation.command().deviceId(), now.plus(settings.connectTimeout()));
        if (otherRings && CallRules.decide(paired, accept, now) instanceof Verdict.Move(Moved moved)) {
            return new Decision.Announce(
                    once.commandHash() == null
                            ? new Change.CallMoved(moved.after(), entry(moved, once, now))
                            : new Change.CallMoved(
                                    moved.after(),
                                    Map.of(),
                                    entry(moved, given.freshEventId(), now, null),
                                    memory(moved.call(), once, now)));
        }
        return new Decision.Refuse(Refusal.of(Code.CALL_IN_PROGRESS, "There is a call between the two already.")
                .with(paired.call()));
    }

    /// Decides a command on a call.
    ///
    /// @param state the call, or null if there is none
    static Decision decide(@Nullable CallState state, CallCommand command, Idempotency once, Given given) {
        Instant now = given.now();
        CallState call = visible(state, command.user(), now);
        if (call == null) {
            return new Decision.Refuse(Refusal.noSuchCall());
        }
        Moved due = call.due(now);
        if (due != null) {
            return first(due, given);
        }
        return switch (CallRules.decide(call, command, now)) {
            case Verdict.Move(Moved moved) ->
                new Decision.Announce(new Change.CallMoved(moved.after(), entry(moved, once, now)));
            case Verdict.Repeat() -> new Decision.Answer(new Called(call.call()));
            case Verdict.No(Why why) -> new Decision.Refuse(refusal(why, call.call()));
        };
    }

    /// Decides a look at a call.
    ///
    /// @param view what is answered of it, once no deadline is past
    static Decision look(@Nullable CallState state, UserId user, Function<CallState, Object> view, Given given) {
        CallState call = visible(state, user, given.now());
        if (call == null) {
            return new Decision.Refuse(Refusal.noSuchCall());
        }
        Moved due = call.due(given.now());
        return due == null ? new Decision.Answer(view.apply(call)) : first(due, given);
    }

    /// A change that nobody asked for, with its entry.
    ///
    /// @param attendees of those who are connected by it
    static Change.CallMoved change(Moved moved, Map<UserId, Attendee> attendees, Given given) {
        return new Change.CallMoved(
                moved.after(), attendees, entry(moved, given.freshEventId(), given.now(), null), null);
    }

    private static OutboxEntry entry(Moved moved, Idempotency once, Instant now) {
        return entry(moved, once.eventId(), now, once.commandHash());
    }

    /// What a change tells, to each participant on their channel.
    private static OutboxEntry entry(Moved moved, String eventId, Instant now, @Nullable String commandHash) {
        Call call = moved.call();
        return new OutboxEntry(
                Aggregate.call(call.sessionId()),
                eventId,
                call.version(),
                now,
                moved.told().stream()
                        .map(told -> Publication.of(
                                told.event(),
                                told.users().stream().map(Channel::calls).toList(),
                                told.expiresAt()))
                        .toList(),
                commandHash);
    }

    private static Decision first(Moved due, Given given) {
        return new Decision.First(change(due, Map.of(), given));
    }

    /// By this a repeat is answered: the key's own call was never placed.
    private static OutboxEntry memory(Call accepted, Idempotency once, Instant now) {
        return new OutboxEntry(
                once.aggregate(),
                once.eventId(),
                0,
                now,
                List.of(),
                once.commandHash(),
                Json.mapper().writeValueAsString(accepted));
    }

    /// The call as one of its participants may see it: nobody downstream can tell an unknown one from another's.
    private static @Nullable CallState visible(@Nullable CallState state, UserId user, Instant now) {
        return state != null && state.call().has(user) && now.isBefore(state.keptUntil()) ? state : null;
    }

    private static Refusal refusal(Why why, Call call) {
        return switch (why) {
            case NOT_THE_INITIATOR -> Refusal.of(Code.FORBIDDEN, "Only the initiator of the call may do this.");
            case CALL_OVER -> Refusal.of(Code.CALL_OVER, "The call is over.").with(call);
            case ANSWERED_ELSEWHERE ->
                Refusal.of(Code.ANSWERED_ELSEWHERE, "You take part in the call with another device.")
                        .with(call);
            case ILLEGAL_TRANSITION ->
                Refusal.of(Code.ILLEGAL_TRANSITION, "The call does not allow this now.")
                        .with(call);
        };
    }
}
