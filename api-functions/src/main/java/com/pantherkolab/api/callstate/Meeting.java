package com.pantherkolab.api.callstate;

import tools.jackson.databind.JsonNode;

/// The meeting of a call at Chime.
///
/// It says where the media flow, and lets nobody in: that is an [com.pantherkolab.common.Attendee]'s token.
///
/// @param meetingId Chime's id of it
/// @param json the Chime SDK's `Meeting`, as front ends hand it to their Chime client
public record Meeting(String meetingId, JsonNode json) {}
