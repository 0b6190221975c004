package com.pantherkolab.events;

import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.EventApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/// The APIs that the tests run, and the shortest ways to call them.
final class TestApi {

    static final Map<String, String> KEY = Map.of("host", "localhost", "x-api-key", "da2-test");

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestApi() {}

    /// The API of the deployment.
    static EventApi deployed() {
        try {
            return EventApi.from(CloudFormationTemplate.read(Path.of("../template.yaml")));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// One namespace `open` for holders of an API key, one `signed` where only IAM may publish, and one with
    /// handlers.
    static EventApi open() {
        return EventApi.from(CloudFormationTemplate.parse("""
            Resources:
              Api:
                Type: AWS::AppSync::Api
                Properties:
                  Name: test
                  EventConfig:
                    AuthProviders:
                      - AuthType: API_KEY
                      - AuthType: AWS_IAM
                      - AuthType: AMAZON_COGNITO_USER_POOLS
                    ConnectionAuthModes: [{ AuthType: API_KEY }, { AuthType: AWS_IAM }]
                    DefaultPublishAuthModes: [{ AuthType: API_KEY }, { AuthType: AWS_IAM }]
                    DefaultSubscribeAuthModes: [{ AuthType: API_KEY }, { AuthType: AWS_IAM }]
              Open:
                Type: AWS::AppSync::ChannelNamespace
                Properties: { ApiId: !GetAtt Api.ApiId, Name: open }
              Signed:
                Type: AWS::AppSync::ChannelNamespace
                Properties:
                  ApiId: !GetAtt Api.ApiId
                  Name: signed
                  PublishAuthModes: [{ AuthType: AWS_IAM }]
              Handled:
                Type: AWS::AppSync::ChannelNamespace
                Properties:
                  ApiId: !GetAtt Api.ApiId
                  Name: handled
                  CodeHandlers: |
                    import { util } from '@aws-appsync/utils'
                    export function onSubscribe(ctx) {
                      switch (ctx.info.channel.segments[1]) {
                        case 'unauthorized': util.unauthorized(); break
                        case 'error': util.error('not now', 'Closed'); break
                        case 'throws': ctx.nothing.here
                      }
                    }
                    export function onPublish(ctx) {
                      switch (ctx.info.channel.segments[1]) {
                        case 'unauthorized': util.unauthorized(); break
                        case 'error': util.error('not now'); break
                        case 'throws': ctx.nothing.here; break
                        case 'grows':
                          return ctx.events.map(e => ({ id: e.id, payload: 'x'.repeat(250000) }))
                        case 'odd':
                          return ctx.events.map(({ id, payload }) => payload % 2
                            ? { id, error: 'odd' } : { id, payload: { value: payload } })
                      }
                      return ctx.events
                    }
            """));
    }

    static EmulatorOptions options() {
        return EmulatorOptions.DEFAULTS
                .withApiKeys("da2-test")
                .withAccessKey(TestSigner.KNOWN.accessKey(), TestSigner.KNOWN.secretKey());
    }

    static HttpResponse<String> publish(AppSyncEventsEmulator emulator, String channel, String... events) {
        return post(emulator, Map.of("x-api-key", "da2-test"), body(channel, events));
    }

    /// Publishes with a signature, as the publisher of the deployment does.
    static HttpResponse<String> publishSigned(AppSyncEventsEmulator emulator, String channel, String... events) {
        String body = body(channel, events);
        return post(
                emulator,
                TestSigner.KNOWN.sign(
                        emulator.httpEndpoint(),
                        Map.of("content-type", "application/json; charset=UTF-8"),
                        body,
                        Clock.systemUTC()),
                body);
    }

    static String body(String channel, String... events) {
        return TestClient.JSON.writeValueAsString(Map.of("channel", channel, "events", events));
    }

    static HttpResponse<String> post(AppSyncEventsEmulator emulator, Map<String, String> headers, String body) {
        var request = HttpRequest.newBuilder(emulator.httpEndpoint()).POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach((name, value) -> {
            // The client sets it itself, to the same value.
            if (!name.equalsIgnoreCase("host")) {
                request.header(name, value);
            }
        });
        return send(request.build());
    }

    static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
