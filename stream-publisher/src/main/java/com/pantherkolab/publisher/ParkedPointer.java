package com.pantherkolab.publisher;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Digest;
import com.pantherkolab.common.Json;

/// A message of the parked-events queue: which delivery was parked, and why.
///
/// The queue may hold one delivery more than once, for it was parked again after a repeat, or the queue itself
/// doubled it: all of them have the same `id`, which whoever reads the queue has to look at.
///
/// @param id the same for every parking of one delivery
/// @param aggregate with `eventId` the key of the entry in the outbox
/// @param eventId which event
/// @param channel whose delivery
/// @param reason why, in a word or a code
record ParkedPointer(String id, Aggregate aggregate, String eventId, Channel channel, String reason) {

    static ParkedPointer to(Parked.Undelivered parked) {
        String delivery = String.join(
                "\n",
                parked.aggregate().key(),
                parked.eventId(),
                parked.channel().path());
        return new ParkedPointer(
                Digest.of(delivery), parked.aggregate(), parked.eventId(), parked.channel(), parked.reason());
    }

    String toJson() {
        return Json.mapper().writeValueAsString(this);
    }
}
