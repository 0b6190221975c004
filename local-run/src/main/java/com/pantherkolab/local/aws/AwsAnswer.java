package com.pantherkolab.local.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What a stand-in answers.
///
/// @param cut whether the connection ends before the answer is complete
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way through; nobody compares answers.
record AwsAnswer(int status, Map<String, String> headers, byte[] body, boolean cut) {

    AwsAnswer {
        headers = Map.copyOf(headers);
    }

    static AwsAnswer empty(int status) {
        return new AwsAnswer(status, Map.of(), new byte[0], false);
    }

    static AwsAnswer json(int status, String contentType, JsonNode body) {
        return new AwsAnswer(
                status, Map.of("content-type", contentType), body.toString().getBytes(UTF_8), false);
    }

    /// The same answer, lost on its way.
    AwsAnswer lost() {
        return new AwsAnswer(status, headers, body, true);
    }
}
