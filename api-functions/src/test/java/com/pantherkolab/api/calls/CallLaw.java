package com.pantherkolab.api.calls;

/// What must hold of calls, whatever happens in whatever order.
enum CallLaw {
    /// A version is one higher than the one before.
    VERSIONS_ARE_GAPLESS,
    /// A change has one entry, and by it one event id for all.
    ONE_EVENT_ID_PER_CHANGE,
    /// Every participant is told of every change, the end included, by one event.
    EVERYBODY_IS_TOLD_ONCE,
    /// What is over stays over.
    NO_WAY_OUT_OF_THE_END,
    /// Nobody's phone rings for a call that is over.
    NOBODY_RINGS_AFTER_THE_END,
    /// Nobody who looks after the ring deadline sees it ring.
    NOBODY_RINGS_PAST_THE_DEADLINE,
    /// A call never has two living meetings.
    ONE_MEETING,
    /// No meeting lives once a call is over and the workflow has seen to its records.
    NO_MEETING_AFTER_THE_END,
    /// Once the workflow has seen to its records, only who is connected can be in the meeting.
    WHO_IS_GONE_IS_OUT_OF_THE_MEETING,
    /// Once the workflow has seen to its records, nobody waits to be connected.
    WHO_ACCEPTED_IS_CONNECTED,
    /// Once the workflow has seen to its records, a call with a meeting has one that lives.
    A_MEETING_LIVES_AS_LONG_AS_ITS_CALL,
    /// A join token is told to its owner alone.
    A_TOKEN_GOES_TO_ITS_OWNER,
    /// The pair item names no call that is over, and no call past its deadlines keeps two users from a new one.
    A_PAIR_IS_NEVER_BLOCKED,
    /// Once the workflow has seen to its records, a call that is not over has a timer of its version.
    A_CALL_IS_REMINDED,
    /// From everywhere a call comes to its end by itself.
    EVERY_CALL_ENDS;

    /// A law does not hold.
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final CallLaw law;

        Broken(CallLaw law, String how) {
            super(law + ": " + how);
            this.law = law;
        }

        CallLaw law() {
            return law;
        }
    }

    void require(boolean holds, String how) {
        if (!holds) {
            throw new Broken(this, how);
        }
    }
}
