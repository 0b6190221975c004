package com.pantherkolab.api.command;

import com.pantherkolab.api.command.Refusal.Code;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.ChangeWriter.Written;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.LogKey;
import com.pantherkolab.common.OutboxEntry;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs commands: read, decide, write; and again from a fresh read when somebody else was first.
///
/// Ids are drawn before it is called and stay the same over all its rounds, so that a change which committed
/// without an answer is recognised and not made twice.
public final class Commands {
    private static final Logger log = LoggerFactory.getLogger(Commands.class);

    /// Rounds in all. With full jitter this carries some thirty writers of one conversation; the limit is tens of
    /// messages a second per conversation.
    static final int ROUNDS = 14;

    private final StateReader state;
    private final ChangeWriter writer;
    private final Pause pause;

    public Commands(StateReader state, ChangeWriter writer, Pause pause) {
        this.state = state;
        this.writer = writer;
        this.pause = pause;
    }

    /// Runs a command that is announced.
    ///
    /// A repeat with the same key gets the first answer again, and whatever else would be said now is said only if
    /// nothing was committed under the key.
    ///
    /// @param answer what the caller is told of an entry; of the same entry always the same
    /// @param readAndDecide reads the state afresh and decides; called once for each round
    public Outcome run(Idempotency once, Function<OutboxEntry, Object> answer, Supplier<Decision> readAndDecide) {
        for (int round = 1; round <= ROUNDS; round++) {
            pause.before(round);
            switch (readAndDecide.get()) {
                case Decision.Refuse(Refusal refusal) -> {
                    return unlessCommitted(once, answer, new Outcome.Refused(refusal));
                }
                case Decision.Answer(Object unchanged) -> {
                    return unlessCommitted(once, answer, new Outcome.Done(unchanged));
                }
                case Decision.First(Change.Announced due) -> {
                    // Whether this call wrote it or another one was first, what follows is decided from a fresh
                    // read.
                    if (writer.write(due) instanceof Written.Unavailable) {
                        return unavailable();
                    }
                }
                case Decision.Announce(Change.Announced change) -> {
                    switch (writer.write(change)) {
                        case Written.Committed() -> {
                            return new Outcome.Done(answer.apply(change.entry()));
                        }
                        case Written.CommittedBefore(OutboxEntry first) -> {
                            return repeat(once, answer, first);
                        }
                        case Written.Overtaken() -> {}
                        case Written.Unavailable() -> {
                            return unavailable();
                        }
                        case Written.Unknown() -> {
                            return unknown();
                        }
                    }
                }
            }
        }
        return refused(Code.CONTENDED, "Too many were writing at once. Nothing was written. Try again.");
    }

    /// Writes a change that needs no decision, because it is idempotent by nature.
    ///
    /// @param done what the caller is told
    public Outcome save(Change change, Outcome.Done done) {
        return switch (writer.write(change)) {
            case Written.Committed ignored -> done;
            case Written.CommittedBefore ignored -> done;
            case Written.Overtaken(), Written.Unavailable() -> unavailable();
            case Written.Unknown() -> unknown();
        };
    }

    private Outcome unlessCommitted(Idempotency once, Function<OutboxEntry, Object> answer, Outcome otherwise) {
        OutboxEntry first = once.hasKey() ? state.entry(once.aggregate(), once.eventId()) : null;
        return first == null ? otherwise : repeat(once, answer, first);
    }

    private static Outcome repeat(Idempotency once, Function<OutboxEntry, Object> answer, OutboxEntry first) {
        if (!once.matches(first)) {
            return refused(Code.KEY_REUSED, "This key was used for another command.");
        }
        log.atInfo()
                .addKeyValue(LogKey.EVENT_ID, first.eventId())
                .addKeyValue(LogKey.AGGREGATE, first.aggregate())
                .log("repeated");
        return new Outcome.Done(answer.apply(first));
    }

    private static Outcome unavailable() {
        return refused(Code.UNAVAILABLE, "Nothing was written. Try again.");
    }

    private static Outcome unknown() {
        return refused(Code.OUTCOME_UNKNOWN, "It may have been done or not. A retry is safe only with the same key.");
    }

    private static Outcome refused(Code code, String detail) {
        return new Outcome.Refused(Refusal.of(code, detail));
    }
}
