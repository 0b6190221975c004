package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.pantherkolab.local.StreamFunction.NotInvoked;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.function.adapter.aws.AWSLambdaUtils;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.messaging.Message;

class StreamFunctionsTest {
    private static final AtomicInteger STARTS = new AtomicInteger();
    private static final LocalContext CONTEXT =
            new LocalContext("callWorkflow", "id", Instant.parse("2026-11-23T00:00:00Z"), Clock.systemUTC());

    @Configuration(proxyBeanMethods = false)
    static class Functions {
        @Bean
        Function<Message<DynamodbEvent>, StreamsEventResponse> callWorkflow() {
            return message -> Pumped.failing(String.valueOf(context(message).getAwsRequestId()));
        }

        private static LocalContext context(Message<DynamodbEvent> message) {
            return Objects.requireNonNull(message.getHeaders().get(AWSLambdaUtils.AWS_CONTEXT, LocalContext.class));
        }

        @Bean
        @Lazy
        Function<Message<DynamodbEvent>, StreamsEventResponse> startsAtTheSecondTime() {
            if (STARTS.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
            }
            return _ -> Pumped.SUCCESS;
        }

        @Bean
        Function<String, String> edge() {
            return Function.identity();
        }
    }

    @Test
    void aFunctionIsInvokedByTheNameOfItsBeanAndLearnsItsContext() throws Exception {
        try (var beans = new AnnotationConfigApplicationContext(Functions.class)) {
            StreamsEventResponse response =
                    new StreamFunctions(beans).named("callWorkflow").invoke(new DynamodbEvent(), CONTEXT);

            assertThat(response.getBatchItemFailures()).singleElement().satisfies(failure -> assertThat(
                            failure.getItemIdentifier())
                    .isEqualTo("id"));
        }
    }

    @Test
    void aFunctionThatIsNotThereOrIsNoStreamFunctionIsRefusedByNameAtTheStart() {
        try (var beans = new AnnotationConfigApplicationContext(Functions.class)) {
            StreamFunctions functions = new StreamFunctions(beans);

            assertThatThrownBy(() -> functions.named("callWorkflows")).hasMessageContaining("callWorkflows");
            assertThatThrownBy(() -> functions.named("edge")).hasMessageContaining("edge");
        }
    }

    @Test
    void aFunctionThatCannotBeStartedIsNotInvokedAndIsStartedAgain() throws Exception {
        try (var beans = new AnnotationConfigApplicationContext(Functions.class)) {
            StreamFunction function = new StreamFunctions(beans).named("startsAtTheSecondTime");

            assertThatThrownBy(() -> function.invoke(new DynamodbEvent(), CONTEXT))
                    .isInstanceOf(NotInvoked.class);
            assertThat(function.invoke(new DynamodbEvent(), CONTEXT)).isSameAs(Pumped.SUCCESS);
        }
    }
}
