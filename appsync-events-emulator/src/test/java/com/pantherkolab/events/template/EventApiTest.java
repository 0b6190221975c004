package com.pantherkolab.events.template;

import static com.pantherkolab.events.template.AuthMode.AMAZON_COGNITO_USER_POOLS;
import static com.pantherkolab.events.template.AuthMode.API_KEY;
import static com.pantherkolab.events.template.AuthMode.AWS_IAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventApiTest {

    private static final String TEMPLATE = """
      Resources:
        Api:
          Type: AWS::AppSync::Api
          Properties:
            EventConfig:
              AuthProviders: [{ AuthType: API_KEY }, { AuthType: AWS_IAM }]
              ConnectionAuthModes: [{ AuthType: API_KEY }]
              DefaultPublishAuthModes: [{ AuthType: AWS_IAM }]
              DefaultSubscribeAuthModes: [{ AuthType: API_KEY }]
        Default:
          Type: AWS::AppSync::ChannelNamespace
          Properties: { ApiId: !GetAtt Api.ApiId, Name: default }
        Own:
          Type: AWS::AppSync::ChannelNamespace
          Properties:
            ApiId: !GetAtt Api.ApiId
            Name: own
            PublishAuthModes: [{ AuthType: API_KEY }, { AuthType: AWS_IAM }]
            SubscribeAuthModes: [{ AuthType: AWS_IAM }]
            CodeHandlers: "export function onSubscribe() {}"
      """;

    @Test
    void isReadFromTheDeployment() throws IOException {
        var api = EventApi.from(CloudFormationTemplate.read(Path.of("../template.yaml")));

        assertThat(api.connectionModes()).containsExactly(AMAZON_COGNITO_USER_POOLS);
        assertThat(api.namespaces().keySet()).isEqualTo(Set.of("chats", "calls"));
        assertThat(api.namespaces().values()).allSatisfy(namespace -> {
            assertThat(namespace.publishModes()).containsExactly(AWS_IAM);
            assertThat(namespace.subscribeModes()).containsExactly(AMAZON_COGNITO_USER_POOLS);
            assertThat(namespace.handlerCode().orElseThrow()).contains("onSubscribe");
        });
    }

    @Test
    void givesNamespacesTheDefaultsThatTheyDoNotOverride() {
        var api = EventApi.from(CloudFormationTemplate.parse(TEMPLATE));

        assertThat(api.namespaces().get("default"))
                .isEqualTo(new ChannelNamespace("default", Set.of(AWS_IAM), Set.of(API_KEY), Optional.empty()));
        assertThat(api.namespaces().get("own"))
                .isEqualTo(new ChannelNamespace(
                        "own",
                        Set.of(API_KEY, AWS_IAM),
                        Set.of(AWS_IAM),
                        Optional.of("export function onSubscribe() {}")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AWS::AppSync::Api | AWS::AppSync::GraphQLApi | exactly one AWS::AppSync::Api",
                "EventConfig | Events | Api.Properties.EventConfig is missing",
                "ConnectionAuthModes | Other | EventConfig.ConnectionAuthModes is missing",
                "DefaultPublishAuthModes | Other | EventConfig.DefaultPublishAuthModes is missing",
                "{ AuthType: API_KEY }, | '' | names a mode that AuthProviders does not provide",
                "{ AuthType: API_KEY }, | { AuthType: AWS_LAMBDA }, | [0].AuthType is not emulated",
                "Name: own | Name: default | Own.Properties.Name is used twice",
                "!GetAtt Api.ApiId | !GetAtt Other.ApiId | Properties.ApiId must refer to Api",
                "CodeHandlers | HandlerConfigs | Own.Properties.HandlerConfigs is not emulated",
                "CodeHandlers | CodeS3Location | Own.Properties.CodeS3Location is not emulated"
            })
    void isRefusedWhenItCannotBeEmulated(String from, String to, String message) {
        var template = CloudFormationTemplate.parse(TEMPLATE.replace(from, to));

        assertThatThrownBy(() -> EventApi.from(template))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(message);
    }
}
