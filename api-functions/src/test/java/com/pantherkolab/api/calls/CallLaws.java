package com.pantherkolab.api.calls;

import static com.pantherkolab.api.calls.CallLaw.A_CALL_IS_REMINDED;
import static com.pantherkolab.api.calls.CallLaw.A_MEETING_LIVES_AS_LONG_AS_ITS_CALL;
import static com.pantherkolab.api.calls.CallLaw.A_PAIR_IS_NEVER_BLOCKED;
import static com.pantherkolab.api.calls.CallLaw.A_TOKEN_GOES_TO_ITS_OWNER;
import static com.pantherkolab.api.calls.CallLaw.EVERYBODY_IS_TOLD_ONCE;
import static com.pantherkolab.api.calls.CallLaw.EVERY_CALL_ENDS;
import static com.pantherkolab.api.calls.CallLaw.NOBODY_RINGS_AFTER_THE_END;
import static com.pantherkolab.api.calls.CallLaw.NOBODY_RINGS_PAST_THE_DEADLINE;
import static com.pantherkolab.api.calls.CallLaw.NO_MEETING_AFTER_THE_END;
import static com.pantherkolab.api.calls.CallLaw.NO_WAY_OUT_OF_THE_END;
import static com.pantherkolab.api.calls.CallLaw.ONE_EVENT_ID_PER_CHANGE;
import static com.pantherkolab.api.calls.CallLaw.ONE_MEETING;
import static com.pantherkolab.api.calls.CallLaw.VERSIONS_ARE_GAPLESS;
import static com.pantherkolab.api.calls.CallLaw.WHO_ACCEPTED_IS_CONNECTED;
import static com.pantherkolab.api.calls.CallLaw.WHO_IS_GONE_IS_OUT_OF_THE_MEETING;

import com.pantherkolab.api.calls.CallWorld.Session;
import com.pantherkolab.api.callstate.CallState;
import com.pantherkolab.api.callstate.CallState.Ended;
import com.pantherkolab.api.callstate.Moved;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.Call;
import com.pantherkolab.common.Call.Participant.State;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import com.pantherkolab.common.UserId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Holds the laws against what is committed and against every world.
final class CallLaws {
    /// Every join token begins so, and goes on with its owner.
    static final String TOKEN = "token-of-";

    private CallLaws() {}

    /// What must hold of a commit.
    static void committed(@Nullable CallState before, CallState after, List<OutboxEntry> entries) {
        Call call = after.call();
        NO_WAY_OUT_OF_THE_END.require(!(before instanceof Ended), "version " + call.version());
        VERSIONS_ARE_GAPLESS.require(
                call.version() == (before == null ? 1 : before.call().version() + 1), "version " + call.version());
        ONE_EVENT_ID_PER_CHANGE.require(
                entries.stream().map(OutboxEntry::eventId).distinct().count() == 1, "version " + call.version());
        List<Channel> told = new ArrayList<>();
        for (OutboxEntry entry : entries) {
            VERSIONS_ARE_GAPLESS.require(entry.order() == call.version(), "the entry's order is " + entry.order());
            for (Publication publication : entry.publications()) {
                told.addAll(publication.channels());
                for (UserId user : call.users()) {
                    A_TOKEN_GOES_TO_ITS_OWNER.require(
                            !publication.data().contains(TOKEN + user)
                                    || publication.channels().equals(List.of(Channel.calls(user))),
                            user + "'s went to " + publication.channels());
                }
            }
            String answer = entry.answer();
            A_TOKEN_GOES_TO_ITS_OWNER.require(answer == null || !answer.contains(TOKEN), "in an answer");
        }
        EVERYBODY_IS_TOLD_ONCE.require(
                told.size() == call.users().size()
                        && Set.copyOf(told)
                                .equals(Set.copyOf(call.users().stream()
                                        .map(Channel::calls)
                                        .toList())),
                "version %d went to %s".formatted(call.version(), told));
    }

    /// What must hold of every world.
    static void hold(CallWorld world) {
        world.sessions.values().forEach(session -> hold(world, session));
        world.pairs.forEach((pair, sessionId) -> A_PAIR_IS_NEVER_BLOCKED.require(
                !(world.session(sessionId).state instanceof Ended), pair + " by " + sessionId));
    }

    private static void hold(CallWorld world, Session session) {
        Call call = session.state.call();
        boolean ended = session.state instanceof Ended;
        ONE_MEETING.require(session.living.size() <= 1, call.sessionId() + " has " + session.living.values());
        NOBODY_RINGS_AFTER_THE_END.require(!ended || !CallWorld.rings(call), call.sessionId());
        if (!world.now.isBefore(call.createdAt().plus(CallRun.SETTINGS.ringTimeout()))) {
            NOBODY_RINGS_PAST_THE_DEADLINE.require(
                    !CallWorld.rings(settled(session.state, world).call()), call.sessionId());
        }
        if (!session.isQuiet()) {
            return;
        }
        if (ended) {
            NO_MEETING_AFTER_THE_END.require(session.living.isEmpty(), call.sessionId());
            return;
        }
        WHO_ACCEPTED_IS_CONNECTED.require(
                !(session.state instanceof CallState.Underway underway)
                        || underway.connecting().isEmpty(),
                call.sessionId());
        A_CALL_IS_REMINDED.require(session.timer || session.timerLost, call.sessionId());
        A_MEETING_LIVES_AS_LONG_AS_ITS_CALL.require(
                !(session.state instanceof CallState.Active) || !session.living.isEmpty(), call.sessionId());
        WHO_IS_GONE_IS_OUT_OF_THE_MEETING.require(
                session.inside.entrySet().stream().allMatch(attendee -> isConnected(session, attendee)),
                call.sessionId() + " has inside " + session.inside);
    }

    private static boolean isConnected(Session session, Map.Entry<String, UserId> inside) {
        Attendee stored = session.stored.get(inside.getValue());
        return stored != null
                && stored.attendeeId().equals(inside.getKey())
                && session.state
                        .call()
                        .participant(inside.getValue())
                        .filter(participant -> participant.state() == State.CONNECTED)
                        .isPresent();
    }

    /// The call as whoever looks now sees it.
    static CallState settled(CallState state, CallWorld world) {
        CallState settled = state;
        Set<Long> versions = new HashSet<>();
        for (Moved due = settled.due(world.now); due != null; due = settled.due(world.now)) {
            settled = due.after();
            EVERY_CALL_ENDS.require(
                    versions.add(settled.call().version())
                            && versions.size() <= settled.call().users().size() + 2,
                    "its deadlines do not come to an end");
        }
        return settled;
    }
}
