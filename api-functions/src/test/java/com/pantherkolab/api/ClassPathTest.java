package com.pantherkolab.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The second law, where it cannot be got round: what could publish is not even there.
class ClassPathTest {

    @Test
    void theWritingSideHasNothingOfAppSyncOnItsClassPath() {
        List<String> entries = List.of(System.getProperty("java.class.path").split(File.pathSeparator));

        assertThat(entries).hasSizeGreaterThan(20).noneMatch(entry -> entry.contains("appsync"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.pantherkolab.publisher.StreamPublisher",
                "com.pantherkolab.events.AppSyncEventsEmulator",
                "software.amazon.awssdk.services.appsync.AppSyncClient",
                "com.amazonaws.services.dynamodbv2.local.embedded.DynamoDBEmbedded"
            })
    void whatPublishesAndWhatIsLocalCannotBeLoaded(String type) {
        assertThatThrownBy(() -> Class.forName(type)).isInstanceOf(ClassNotFoundException.class);
    }
}
