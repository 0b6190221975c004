package com.pantherkolab.common;

import com.fasterxml.jackson.annotation.JsonProperty;

/// One user's own way into a meeting, named as the Chime SDK names it.
///
/// The token lets whoever holds it join as this user: it goes to its owner's channel and into its owner's answers,
/// and nowhere else. [#toString] leaves it out.
///
/// @param attendeeId Chime's id of the attendee
/// @param externalUserId our name for the user at Chime
/// @param joinToken what lets them in
public record Attendee(
        @JsonProperty("AttendeeId") String attendeeId,
        @JsonProperty("ExternalUserId") String externalUserId,
        @JsonProperty("JoinToken") String joinToken) {

    @Override
    public String toString() {
        return "Attendee[" + attendeeId + "]";
    }
}
