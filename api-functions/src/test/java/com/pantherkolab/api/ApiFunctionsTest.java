package com.pantherkolab.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.http.Gateway;
import com.pantherkolab.api.http.Gateway.Reply;
import com.pantherkolab.api.store.ScriptedDynamo;
import com.pantherkolab.common.metrics.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.function.adapter.aws.FunctionInvoker;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import tools.jackson.databind.node.ObjectNode;

/// The function beans as Lambda runs them: through the adapter's own entry point, with raw events.
class ApiFunctionsTest {

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(ApiConfiguration.class)
    static class WithoutAws {
        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        Metrics metrics() {
            return Metrics.NONE;
        }

        @Bean
        DynamoDbClient dynamoDbClient() {
            return new ScriptedDynamo();
        }
    }

    @BeforeAll
    static void theEnvironmentOfTheTemplate() {
        System.setProperty("MAIN_CLASS", WithoutAws.class.getName());
        System.setProperty("spring.cloud.function.definition", "conversationsApi");
        System.setProperty("logging.level.org.springframework.cloud.function", "WARN");
        for (String table : new String[] {"users", "conversations", "memberships", "messages", "calls", "outbox"}) {
            System.setProperty("tables." + table, table);
        }
        lambda = new Gateway(ApiFunctionsTest::invoke);
        invoker = new FunctionInvoker("conversationsApi");
    }

    @AfterAll
    static void forgetTheEnvironment() {
        System.clearProperty("MAIN_CLASS");
        System.clearProperty("spring.cloud.function.definition");
    }

    private static FunctionInvoker invoker;
    private static Gateway lambda;

    private static byte[] invoke(InputStream event) {
        try (ByteArrayOutputStream answer = new ByteArrayOutputStream()) {
            invoker.handleRequest(event, answer, null);
            return answer.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Test
    void theCallerIsTheVerifiedSubject() {
        Reply reply = lambda.call("alice", "PUT", "/api/users/me", "{\"firstName\":\"Alice\",\"lastName\":\"Doe\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("user").path("userId").stringValue()).isEqualTo("alice");
    }

    @Test
    void noHeaderAndNoBodyCanForgeTheCaller() {
        String forged = Gateway.event("victim", "PUT", "/api/users/me")
                .put("body", "{\"firstName\":\"V\",\"lastName\":\"V\"}")
                .toString();
        ObjectNode event = Gateway.event("alice", "PUT", "/api/users/me");
        event.putObject("headers")
                .put("payload", "[" + forged + "]")
                .put("aws-api-gateway", "x")
                .put("caller-sub", "victim");
        event.put("body", "{\"firstName\":\"Alice\",\"lastName\":\"Doe\"}");

        assertThat(lambda.send(event).body().path("user").path("userId").stringValue())
                .isEqualTo("alice");
        assertThat(lambda.send(event.put("body", "[" + forged + "]")).code()).isEqualTo("INVALID_JSON");
    }

    @Test
    void aBadBodyIsAProblemDocumentAndNotAFailedInvocation() {
        assertThat(lambda.call("alice", "PUT", "/api/users/me", "{").status()).isEqualTo(400);
        assertThat(lambda.call("alice", "POST", "/api/nowhere", "{}").status()).isEqualTo(404);
    }
}
