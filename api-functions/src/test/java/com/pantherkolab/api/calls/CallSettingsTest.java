package com.pantherkolab.api.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/// The settings as a Lambda function's environment gives them.
class CallSettingsTest {
    @Test
    void theEnvironmentOfTheTemplateIsRead() {
        Binder environment = environment(Map.of(
                "RING_TIMEOUT_SECONDS", "7",
                "CONNECT_TIMEOUT_SECONDS", "3",
                "MEETINGS_REGION", "us-east-1",
                "MEETINGS_MEDIA_REGION", "eu-central-1",
                "TIMERS_QUEUE_URL", "https://sqs.example/timers"));

        assertThat(environment.bindOrCreate("", CallSettings.class)).isEqualTo(new CallSettings(7, 3));
        assertThat(environment.bindOrCreate("meetings", MeetingSettings.class))
                .isEqualTo(new MeetingSettings("us-east-1", "eu-central-1"));
        assertThat(environment.bindOrCreate("timers", TimerSettings.class))
                .isEqualTo(new TimerSettings("https://sqs.example/timers"));
    }

    @Test
    void aCallRingsFor45SecondsAndConnectsWithin10UnlessToldOtherwise() {
        assertThat(environment(Map.of()).bindOrCreate("", CallSettings.class)).isEqualTo(new CallSettings(45, 10));
    }

    @ParameterizedTest
    @CsvSource({"RING_TIMEOUT_SECONDS,0", "RING_TIMEOUT_SECONDS,901", "CONNECT_TIMEOUT_SECONDS,0"})
    void aTimeThatCannotBeIsRefusedByItsName(String variable, String value) {
        assertThatThrownBy(() -> environment(Map.of(variable, value)).bindOrCreate("", CallSettings.class))
                .rootCause()
                .hasMessageContaining("must be 1 to 900");
    }

    @Test
    void whatMustBeSetIsMissedByItsName() {
        Binder nothing = environment(Map.of());

        assertThatThrownBy(() -> nothing.bindOrCreate("meetings", MeetingSettings.class))
                .rootCause()
                .hasMessageContaining("meetings.region is not set");
        assertThatThrownBy(() -> nothing.bindOrCreate("timers", TimerSettings.class))
                .rootCause()
                .hasMessageContaining("timers.queue-url is not set");
    }

    private static Binder environment(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        ConfigurationPropertySources.attach(environment);
        return Binder.get(environment);
    }
}
