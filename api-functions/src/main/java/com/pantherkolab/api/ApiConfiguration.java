package com.pantherkolab.api;

import com.pantherkolab.api.calls.CallQueries;
import com.pantherkolab.api.calls.CallSettings;
import com.pantherkolab.api.calls.CallStream;
import com.pantherkolab.api.calls.CallTimers;
import com.pantherkolab.api.calls.CallWorkflow;
import com.pantherkolab.api.calls.ChimeMeetings;
import com.pantherkolab.api.calls.CommandOnCallHandler;
import com.pantherkolab.api.calls.InitiateCallHandler;
import com.pantherkolab.api.calls.MeetingSettings;
import com.pantherkolab.api.calls.Meetings;
import com.pantherkolab.api.calls.QueueTimers;
import com.pantherkolab.api.calls.TimerSettings;
import com.pantherkolab.api.calls.Timers;
import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.conversations.ConversationQueries;
import com.pantherkolab.api.conversations.CreateConversationHandler;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.http.Route;
import com.pantherkolab.api.messages.ListMessagesHandler;
import com.pantherkolab.api.messages.MarkReadHandler;
import com.pantherkolab.api.messages.SendMessageHandler;
import com.pantherkolab.api.messages.TypingHandler;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.DynamoChangeWriter;
import com.pantherkolab.api.store.DynamoStateReader;
import com.pantherkolab.api.store.LoggingChangeWriter;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.api.store.Tables;
import com.pantherkolab.api.trace.Causes;
import com.pantherkolab.api.users.ProfileHandlers;
import com.pantherkolab.common.metrics.Metrics;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import software.amazon.awssdk.services.chimesdkmeetings.ChimeSdkMeetingsClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The writing side, wired: a bean for each Lambda function of `template.yaml`, and what they need.
///
/// The function beans are lazy: what a deployment does not name is not created. Whoever has a DynamoDB client of
/// their own, as local run has, puts it in place of this one.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({Tables.class, CallSettings.class})
public class ApiConfiguration {
    /// It draws from the system. What numbers any other would draw stands in a snapshot, and all who are restored
    /// from it would wait equally long.
    static final RandomGenerator LOTS = new SecureRandom();

    /// `/api/messages/**`, and every route that does not exist.
    @Bean
    @Lazy
    Edge messagesApi(StateReader state, Commands commands, Metrics metrics, Causes causes, Clock clock) {
        return new Edge(
                metrics,
                causes,
                new Route(
                        "POST",
                        "/api/messages/send",
                        new SendMessageHandler(state, commands, clock, ApiConfiguration::newId)),
                new Route("POST", "/api/messages/typing", new TypingHandler(state, commands, clock)),
                new Route(
                        "POST",
                        "/api/messages/read",
                        new MarkReadHandler(state, commands, clock, ApiConfiguration::newId)));
    }

    /// `/api/conversations/**` and `/api/users/me`.
    @Bean
    @Lazy
    Edge conversationsApi(StateReader state, Commands commands, Metrics metrics, Causes causes, Clock clock) {
        ProfileHandlers profiles = new ProfileHandlers(state, commands);
        ConversationQueries queries = new ConversationQueries(state, clock);
        return new Edge(
                metrics,
                causes,
                new Route(
                        "POST",
                        "/api/conversations",
                        new CreateConversationHandler(state, commands, clock, ApiConfiguration::newId)),
                new Route("GET", "/api/conversations", queries::list),
                new Route("GET", "/api/conversations/{conversationId}", queries::get),
                new Route("GET", "/api/conversations/{conversationId}/messages", new ListMessagesHandler(state)),
                new Route("PUT", "/api/users/me", profiles::put),
                new Route("GET", "/api/users/me", profiles::get));
    }

    /// `/api/calls/**`.
    @Bean
    @Lazy
    Edge callsApi(
            StateReader state, Commands commands, CallSettings settings, Metrics metrics, Causes causes, Clock clock) {
        CommandOnCallHandler calls =
                new CommandOnCallHandler(state, commands, settings, clock, ApiConfiguration::newId);
        CallQueries queries = new CallQueries(state, commands, clock, ApiConfiguration::newId);
        return new Edge(
                metrics,
                causes,
                new Route(
                        "POST",
                        "/api/calls/initiate",
                        new InitiateCallHandler(state, commands, settings, clock, ApiConfiguration::newId)),
                new Route("POST", "/api/calls/accept", calls::accept),
                new Route("POST", "/api/calls/reject", calls::reject),
                new Route("POST", "/api/calls/cancel", calls::cancel),
                new Route("POST", "/api/calls/end", calls::end),
                new Route("POST", "/api/calls/leave", calls::leave),
                new Route("GET", "/api/calls", queries::list),
                new Route("GET", "/api/calls/{sessionId}", queries::get));
    }

    /// The stream of the Calls table.
    @Bean
    @Lazy
    CallStream callWorkflow(CallWorkflow workflow, Causes causes, Metrics metrics) {
        return new CallStream(workflow, causes, metrics);
    }

    /// The timers' queue, and Chime's events.
    @Bean
    @Lazy
    CallTimers callTimers(CallWorkflow workflow, Causes causes, Metrics metrics) {
        return new CallTimers(workflow, causes, metrics);
    }

    @Bean
    @Lazy
    CallWorkflow workflow(
            StateReader state, ChangeWriter writer, Meetings meetings, Timers timers, Metrics metrics, Clock clock) {
        return new CallWorkflow(
                state,
                writer,
                meetings,
                timers,
                clock,
                ApiConfiguration::newId,
                pause(Duration.ofMillis(50), Duration.ofSeconds(1)),
                metrics);
    }

    @Bean
    @Lazy
    Meetings meetings(ChimeSdkMeetingsClient chime, MeetingSettings settings) {
        return new ChimeMeetings(chime, settings.mediaRegion());
    }

    @Bean
    @Lazy
    Timers timers(SqsClient sqs, TimerSettings settings) {
        return new QueueTimers(sqs, settings.queueUrl());
    }

    /// Bound when a function asks for it, because the others' environment does not have it.
    @Bean
    @Lazy
    MeetingSettings meetingSettings(Environment environment) {
        return Binder.get(environment).bindOrCreate("meetings", MeetingSettings.class);
    }

    @Bean
    @Lazy
    TimerSettings timerSettings(Environment environment) {
        return Binder.get(environment).bindOrCreate("timers", TimerSettings.class);
    }

    @Bean
    Commands commands(StateReader state, ChangeWriter writer) {
        return new Commands(state, writer, pause(Duration.ofMillis(8), Duration.ofSeconds(1)));
    }

    @Bean
    ChangeWriter changeWriter(DynamoDbClient dynamo, Tables tables) {
        return new LoggingChangeWriter(
                new DynamoChangeWriter(dynamo, tables, pause(Duration.ofMillis(50), Duration.ofSeconds(1))));
    }

    @Bean
    Causes causes() {
        return new Causes(UUID::randomUUID);
    }

    @Bean
    StateReader stateReader(DynamoDbClient dynamo, Tables tables) {
        return new DynamoStateReader(dynamo, tables);
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private static Pause pause(Duration first, Duration longest) {
        return new Pause(first, longest, LOTS, Thread::sleep);
    }
}
