package com.pantherkolab.publisher;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.pantherkolab.common.Digest;
import com.pantherkolab.common.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;

/// An object of the failure bucket that holds a record which could not be read, as Lambda gave it.
///
/// Its `payload` is what Lambda's own failure documents in the same bucket have under this name: a stream event as
/// an escaped JSON text, here of one record. So whoever reads the one can read the other. Theirs are below `aws/`,
/// ours below [#PREFIX].
///
/// @param reason why it could not be read
/// @param payload the stream event
record UnreadableDocument(String reason, String payload) {
    /// What the keys of these objects begin with.
    static final String PREFIX = "unreadable/";

    static UnreadableDocument of(Parked.Unreadable parked) {
        DynamodbEvent event = new DynamodbEvent();
        event.setRecords(Collections.singletonList(parked.raw()));
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        serializer().toJson(event, payload);
        return new UnreadableDocument(parked.reason(), payload.toString(StandardCharsets.UTF_8));
    }

    /// What it was made of.
    Parked.Unreadable parked() {
        return new Parked.Unreadable(
                event(payload.getBytes(StandardCharsets.UTF_8)).getRecords().getFirst(), reason);
    }

    /// Reads a `payload`, one of ours or Lambda's.
    static DynamodbEvent event(byte[] payload) {
        return serializer().fromJson(new ByteArrayInputStream(payload));
    }

    /// Follows from the content, so that a record which is parked again takes the place of itself.
    String key() {
        return PREFIX + Digest.of(payload) + ".json";
    }

    String toJson() {
        return Json.mapper().writeValueAsString(this);
    }

    private static PojoSerializer<DynamodbEvent> serializer() {
        return LambdaEventSerializers.serializerFor(DynamodbEvent.class, DynamodbEvent.class.getClassLoader());
    }
}
