package com.pantherkolab.local.aws;

/// Decides what goes wrong with the meetings. [MeetingFaults] makes one out of rates; a test that needs this fault
/// on that call writes its own. Called by many threads at once.
public interface MeetingFaultPlan {
    /// A plan by which nothing goes wrong.
    MeetingFaultPlan NONE = (_, _) -> new MeetingFault.None();

    /// Asked once for every call whose meaning is known.
    ///
    /// @param operation such as `CreateMeeting`
    /// @param attendees how many attendees a `BatchCreateAttendee` asks for; 0 for every other operation
    MeetingFault next(String operation, int attendees);
}
