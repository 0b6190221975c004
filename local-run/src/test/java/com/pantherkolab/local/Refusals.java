package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.local.RunningSystem.Answer;
import com.pantherkolab.local.RunningSystem.Traces;
import java.net.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What every refusal of the shared system is. It stands by itself: a test class that is loaded for it would commit
/// what it begins with in the midst of another's test.
final class Refusals {
    private static final RunningSystem SYSTEM = RunningSystem.shared();

    private Refusals() {}

    /// Sends what is to be refused: with our problem document, no word of the inside, and no trace.
    static Answer refused(HttpRequest.Builder request, int status, String code) {
        Traces before = SYSTEM.traces();

        Answer answer = SYSTEM.send(request);

        String text = answer.response().body();
        assertThat(answer.status()).as(text).isEqualTo(status);
        assertThat(answer.response().headers().firstValue("content-type")).contains("application/problem+json");
        JsonNode problem = answer.body();
        assertThat(problem.path("code").stringValue()).as(text).isEqualTo(code);
        assertThat(problem.path("status").intValue()).isEqualTo(status);
        assertThat(problem.path("type").stringValue()).isNotBlank();
        assertThat(problem.path("title").stringValue()).isNotBlank();
        assertThat(problem.path("detail").stringValue()).isNotBlank();
        assertThat(problem.path("error")).isEqualTo(problem.path("detail"));
        Internals.assertNoneIn(text, "a refused request");
        assertThat(SYSTEM.traces()).isEqualTo(before);
        return answer;
    }

    static Map<String, List<String>> headers(Answer answer) {
        Map<String, List<String>> headers =
                new LinkedHashMap<>(answer.response().headers().map());
        headers.remove("date");
        headers.remove(LocalGateway.REQUEST_ID);
        return headers;
    }
}
