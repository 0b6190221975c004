package com.pantherkolab.api.calls;

import com.pantherkolab.api.callstate.Meeting;
import com.pantherkolab.common.Attendee;
import com.pantherkolab.common.UserId;
import java.util.List;
import java.util.Map;

/// The meetings at Chime, as far as a call needs them.
///
/// Every method may be called again after it threw, and after it did not. None waits or retries much: whoever calls
/// looks at the call again before another attempt.
public interface Meetings {

    /// The one meeting of a call: makes it, or finds the one that an earlier attempt made and that still lives.
    ///
    /// @throws MeetingsUnavailable if there was no answer, or Chime would not now
    Meeting ofCall(String sessionId);

    /// Lets users into a meeting.
    ///
    /// @param users at least one, as many as one request takes
    /// @throws MeetingsUnavailable if there was no answer, or Chime would not now; then some may be in it without
    /// anybody knowing their tokens
    Admission admit(String meetingId, List<UserId> users);

    /// Takes one user out of a meeting, if they and it are still there.
    ///
    /// @throws MeetingsUnavailable if there was no answer, or Chime would not now
    void dismiss(String meetingId, String attendeeId);

    /// Ends a meeting, if it is still there.
    ///
    /// @throws MeetingsUnavailable if there was no answer, or Chime would not now
    void end(String meetingId);

    /// What became of letting users in.
    sealed interface Admission {
        /// Those who were let in; others may not have been.
        record Admitted(Map<UserId, Attendee> attendees) implements Admission {
            public Admitted {
                attendees = Map.copyOf(attendees);
            }
        }

        /// The meeting is over.
        record Gone() implements Admission {}
    }

    /// Chime did not answer, or would not now.
    final class MeetingsUnavailable extends RuntimeException {
        private static final long serialVersionUID = 1;

        public MeetingsUnavailable(Throwable cause) {
            super(cause);
        }
    }
}
