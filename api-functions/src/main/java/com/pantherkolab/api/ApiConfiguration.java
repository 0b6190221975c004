package com.pantherkolab.api;

import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.conversations.CreateConversationHandler;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.http.Route;
import com.pantherkolab.api.messages.SendMessageHandler;
import com.pantherkolab.api.messages.TypingHandler;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.DynamoChangeWriter;
import com.pantherkolab.api.store.DynamoStateReader;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.api.store.Tables;
import com.pantherkolab.api.users.ProfileHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// The writing side, wired: a bean for each Lambda function of `template.yaml`, and what they need.
///
/// The function beans are lazy: what a deployment does not name is not created. Whoever has a DynamoDB client of
/// their own, as local run has, puts it in place of this one.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(Tables.class)
public class ApiConfiguration {

    /// `/api/messages/**`, and every route that does not exist.
    @Bean
    @Lazy
    Edge messagesApi(StateReader state, Commands commands, Clock clock) {
        return new Edge(
                new Route(
                        "POST",
                        "/api/messages/send",
                        new SendMessageHandler(state, commands, clock, ApiConfiguration::newId)),
                new Route("POST", "/api/messages/typing", new TypingHandler(state, commands, clock)));
    }

    /// `/api/conversations/**` and `/api/users/me`.
    @Bean
    @Lazy
    Edge conversationsApi(StateReader state, Commands commands, Clock clock) {
        ProfileHandlers profiles = new ProfileHandlers(state, commands);
        return new Edge(
                new Route(
                        "POST",
                        "/api/conversations",
                        new CreateConversationHandler(state, commands, clock, ApiConfiguration::newId)),
                new Route("PUT", "/api/users/me", profiles::put),
                new Route("GET", "/api/users/me", profiles::get));
    }

    @Bean
    Commands commands(StateReader state, ChangeWriter writer) {
        return new Commands(state, writer, pause(Duration.ofMillis(8), Duration.ofSeconds(1)));
    }

    @Bean
    ChangeWriter changeWriter(DynamoDbClient dynamo, Tables tables) {
        return new DynamoChangeWriter(dynamo, tables, pause(Duration.ofMillis(50), Duration.ofSeconds(1)));
    }

    @Bean
    StateReader stateReader(DynamoDbClient dynamo, Tables tables) {
        return new DynamoStateReader(dynamo, tables);
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private static Pause pause(Duration first, Duration longest) {
        return new Pause(first, longest, () -> ThreadLocalRandom.current().nextLong(), Thread::sleep);
    }
}
