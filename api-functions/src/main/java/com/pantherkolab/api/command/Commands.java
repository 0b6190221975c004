package com.pantherkolab.api.command;

import com.pantherkolab.api.command.Refusal.Code;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.Pause;
import java.util.function.Supplier;

/// Runs commands: read, decide, write; and again from a fresh read when somebody else was first.
///
/// Ids are drawn before it is called and stay the same over all its rounds, so that a change which committed without
/// an answer is recognised and not made twice.
public final class Commands {
    /// Rounds in all. With full jitter this carries some thirty writers of one conversation; the limit is tens of
    /// messages a second per conversation.
    static final int ROUNDS = 12;

    private final ChangeWriter writer;
    private final Pause pause;

    public Commands(ChangeWriter writer, Pause pause) {
        this.writer = writer;
        this.pause = pause;
    }

    /// Runs a command.
    ///
    /// @param readAndDecide reads the state afresh and decides; called once for each round
    public Outcome run(Supplier<Decision> readAndDecide) {
        for (int round = 1; round <= ROUNDS; round++) {
            pause.before(round);
            switch (readAndDecide.get()) {
                case Decision.Refuse(Refusal refusal) -> {
                    return new Outcome.Refused(refusal);
                }
                case Decision.Answer(Object answer) -> {
                    return new Outcome.Done(answer);
                }
                case Decision.Write write -> {
                    switch (writer.write(write.change())) {
                        case COMMITTED -> {
                            return new Outcome.Done(write.answer());
                        }
                        case UNAVAILABLE -> {
                            return refused(Code.UNAVAILABLE, "Nothing was written. Try again.");
                        }
                        case UNKNOWN -> {
                            return refused(
                                    Code.OUTCOME_UNKNOWN,
                                    "It may have been done or not. Read the state before a retry.");
                        }
                        case OVERTAKEN -> {}
                    }
                }
            }
        }
        return refused(Code.CONTENDED, "Too many were writing at once. Nothing was written. Try again.");
    }

    private static Outcome refused(Code code, String detail) {
        return new Outcome.Refused(Refusal.of(code, detail));
    }
}
