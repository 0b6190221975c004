package com.pantherkolab.events.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.events.auth.Headers;
import com.pantherkolab.events.auth.Identity;
import com.pantherkolab.events.template.ChannelNamespace;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.EventApi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelHandlersTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-01T12:00:00Z"), ZoneOffset.UTC);

    @Nested
    class TheHandlersOfTheDeployment {

        @ParameterizedTest
        @ValueSource(strings = {"chats", "calls"})
        void admitAUserToTheChannelThatIsNamedAfterThem(String namespace) throws IOException {
            try (var handlers = deployed()) {
                assertThat(handlers.onSubscribe(call("/" + namespace + "/alice")))
                        .isEmpty();
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"/chats/bob", "/chats/*", "/chats", "/chats/alice/deeper", "/chats/alice/*"})
        void refuseEveryOtherChannel(String channel) throws IOException {
            try (var handlers = deployed()) {
                assertThat(handlers.onSubscribe(call(channel))).contains(new HandlerRefusal.Unauthorized());
            }
        }

        @Test
        void letEveryPublicationPassAsItIs() throws IOException {
            try (var handlers = deployed()) {
                var events = List.of(HandlerEvent.incoming("1", "{ \"spaces\" : 1.0 }"));

                assertThat(handlers.onPublish(call("/chats/alice"), events)).isEqualTo(new PublishVerdict.Pass(events));
            }
        }

        private ChannelHandlers deployed() throws IOException {
            var api = EventApi.from(CloudFormationTemplate.read(Path.of("../template.yaml")));
            return new ChannelHandlers(api.namespaces().values(), NOON);
        }
    }

    @Nested
    class OnSubscribe {

        @Test
        void isNotAskedWhereThereIsNoCode() {
            var open = new ChannelNamespace("chats", Set.of(), Set.of(), Optional.empty());
            try (var handlers = new ChannelHandlers(List.of(open), NOON)) {
                assertThat(handlers.onSubscribe(call("/chats/anything"))).isEmpty();
            }
        }

        @Test
        void cannotTakeBackARefusalByCatchingIt() {
            assertThat(subscribe("try { util.unauthorized() } catch (e) {} return null"))
                    .contains(new HandlerRefusal.Unauthorized());
        }

        @Test
        void refusesWithTheMessageAndTypeOfItsError() {
            assertThat(subscribe("util.error('too late', 'Closed')"))
                    .contains(new HandlerRefusal.Rejected("too late", Optional.of("Closed")));
            assertThat(subscribe("util.error('too late')"))
                    .contains(new HandlerRefusal.Rejected("too late", Optional.empty()));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "throw new Error('bug')",
                    "throw null",
                    "ctx.nothing.here",
                    "util.noSuchFunction()",
                    "return Promise.resolve()",
                    "return (function f() { return f() })()",
                })
        void refusesWhenItFails(String body) {
            assertThat(subscribe(body)).contains(new HandlerRefusal.Broken());
        }

        @Test
        void refusesWhenItNeverEndsAndTheNextCallIsAnswered() {
            String code = module("if (ctx.info.channel.segments[1] === 'loop') { while (true) {} }");
            try (var handlers = handlers(code)) {
                assertThat(handlers.onSubscribe(call("/chats/loop"))).contains(new HandlerRefusal.Broken());
                assertThat(handlers.onSubscribe(call("/chats/alice"))).isEmpty();
            }
        }

        @Test
        void refusesEverythingWhenTheCodeDoesNotCompile() {
            try (var handlers = handlers("export function onSubscribe(ctx) {")) {
                assertThat(handlers.onSubscribe(call("/chats/a"))).contains(new HandlerRefusal.Broken());
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"fs", "/etc/passwd", "./other.js", "@aws-appsync/utils/rds", ".."})
        void refusesEverythingWhenTheCodeImportsAnythingElse(String name) {
            try (var handlers = handlers("import * as x from '" + name + "'\nexport function onSubscribe(ctx) {}")) {
                assertThat(handlers.onSubscribe(call("/chats/a"))).contains(new HandlerRefusal.Broken());
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Java.type('java.lang.System')",
                    "load('/etc/hostname')",
                    "Polyglot.eval('js', '1')",
                    "new Worker('x')",
                })
        void reachesNothingOutsideItsSandbox(String attempt) {
            assertThat(subscribe(attempt)).contains(new HandlerRefusal.Broken());
        }

        @Test
        void seesTheContextThatAppSyncDocuments() {
            try (var handlers = handlers(module("util.error(JSON.stringify({ ...ctx, stash: undefined }))"))) {
                assertThat(handlers.onSubscribe(call("/chats/alice")).orElseThrow())
                        .isEqualTo(new HandlerRefusal.Rejected("""
                    {"identity":{"sub":"alice","issuer":"https://issuer.test","username":"alice",\
                    "groups":["staff"],"claims":{"cognito:groups":["staff"],\
                    "iss":"https://issuer.test","sub":"alice"},"defaultAuthStrategy":"ALLOW"},\
                    "info":{"channel":{"path":"/chats/alice","segments":["chats","alice"]},\
                    "channelNamespace":{"name":"chats"},"operation":"SUBSCRIBE"},\
                    "request":{"headers":{"host":"localhost"}}}\
                    """, Optional.empty()));
            }
        }

        @Test
        void seesNoIdentityBehindAnApiKey() {
            try (var handlers = handlers(module("if (ctx.identity !== null) util.unauthorized()"))) {
                var call = new HandlerCall(
                        new Identity.KeyHolder(), "/chats/alice", List.of("chats", "alice"), new Headers(Map.of()));
                assertThat(handlers.onSubscribe(call)).isEmpty();
            }
        }

        @Test
        void isAskedFromManyThreadsAtOnce() throws Exception {
            String code = module("if (ctx.info.channel.segments[1] !== ctx.identity.sub) util.unauthorized()");
            try (var handlers = handlers(code);
                    var threads = Executors.newFixedThreadPool(8)) {
                Callable<Boolean> own =
                        () -> handlers.onSubscribe(call("/chats/alice")).isEmpty();
                Callable<Boolean> other =
                        () -> handlers.onSubscribe(call("/chats/bob")).isPresent();
                var calls =
                        Stream.generate(() -> List.of(own, other)).limit(100).flatMap(List::stream);

                for (var answer : threads.invokeAll(calls.toList())) {
                    assertThat(answer.get()).isTrue();
                }
            }
        }

        private Optional<HandlerRefusal> subscribe(String body) {
            try (var handlers = handlers(module(body))) {
                return handlers.onSubscribe(call("/chats/alice"));
            }
        }

        private String module(String body) {
            return "import { util } from '@aws-appsync/utils'\nexport function onSubscribe(ctx) {\n" + body + "\n}\n";
        }
    }

    @Nested
    class OnPublish {

        @Test
        void changesPayloadsAndTellsTheTime() {
            assertThat(publish("""
                  return ctx.events.map(e => ({
                    id: e.id, payload: { ...e.payload, at: util.time.nowISO8601() } }))\
                  """, "{\"text\":\"hi\"}"))
                    .isEqualTo(new PublishVerdict.Pass(List.of(
                            HandlerEvent.incoming("0", "{\"text\":\"hi\",\"at\":\"2026-11-01T12:00:00.000Z\"}"))));
        }

        @Test
        void dropsWhatItLeavesOutAndFailsWhatItMarks() {
            assertThat(publish("return [null, { id: ctx.events[1].id, error: 'no' }]", "1", "2", "3"))
                    .isEqualTo(new PublishVerdict.Pass(List.of(new HandlerEvent("1", "null", Optional.of("no")))));
            assertThat(publish("return null", "1")).isEqualTo(new PublishVerdict.Pass(List.of()));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "return [{ id: 'invented', payload: 1 }]",
                    "return [ctx.events[0], ctx.events[0]]",
                    "return { events: ctx.events }",
                    "return [{ payload: 1 }]",
                })
        void isBrokenWhenItAnswersNonsense(String body) {
            assertThat(publish(body, "1")).isEqualTo(new PublishVerdict.Refused(new HandlerRefusal.Broken()));
        }

        @Test
        void refusesTheWholeRequest() {
            assertThat(publish("util.unauthorized()", "1"))
                    .isEqualTo(new PublishVerdict.Refused(new HandlerRefusal.Unauthorized()));
        }

        @Test
        void withADataSourceIsNotEmulatedAndRefuses() {
            String code = "export const onPublish = { request(ctx) { return {} }, response(ctx) { return [] } }";
            try (var handlers = handlers(code)) {
                assertThat(handlers.onPublish(call("/chats/alice"), List.of()))
                        .isEqualTo(new PublishVerdict.Refused(new HandlerRefusal.Broken()));
            }
        }

        private PublishVerdict publish(String body, String... payloads) {
            var code = "import { util } from '@aws-appsync/utils'\nexport function onPublish(ctx) {\n" + body + "\n}\n";
            try (var handlers = handlers(code)) {
                return handlers.onPublish(
                        call("/chats/alice"),
                        IntStream.range(0, payloads.length)
                                .mapToObj(i -> HandlerEvent.incoming(String.valueOf(i), payloads[i]))
                                .toList());
            }
        }
    }

    private static ChannelHandlers handlers(String code) {
        return new ChannelHandlers(List.of(new ChannelNamespace("chats", Set.of(), Set.of(), Optional.of(code))), NOON);
    }

    private static HandlerCall call(String channel) {
        var claims = new TreeMap<String, Object>();
        claims.put("sub", "alice");
        claims.put("iss", "https://issuer.test");
        claims.put("cognito:groups", List.of("staff"));
        return new HandlerCall(
                new Identity.User(claims),
                channel,
                Arrays.stream(channel.split("/"))
                        .filter(segment -> !segment.isEmpty())
                        .toList(),
                new Headers(Map.of("Authorization", "secret", "host", "localhost")));
    }
}
